WITH files AS (
  SELECT
    "title_id" AS title,
    "series_id" AS series,
    COALESCE(CAST("popularity" AS double precision), CAST(1 AS double precision)) AS popularity,
    CASE WHEN "duration_ms" IS NULL THEN NULL WHEN CAST("duration_ms" AS numeric) BETWEEN 1 AND 4294967295 AND CAST("duration_ms" AS numeric) = trunc("duration_ms") THEN CAST("duration_ms" AS numeric) ELSE CAST('duration_ms: no whole number from 1 to 4294967295' || left(CAST("duration_ms" AS text), 0) AS numeric) END AS duration_value,
    CASE WHEN "bitrate_bps" IS NULL THEN NULL WHEN CAST("bitrate_bps" AS numeric) BETWEEN 1 AND 4294967295 AND CAST("bitrate_bps" AS numeric) = trunc("bitrate_bps") THEN CAST("bitrate_bps" AS numeric) ELSE CAST('bitrate_bps: no whole number from 1 to 4294967295' || left(CAST("bitrate_bps" AS text), 0) AS numeric) END AS bitrate_value,
    NULLIF(TRIM(CAST("resolution" AS text) COLLATE "C"), '') AS raw_resolution
  FROM "catalogue" OFFSET 0
), cut AS (
  SELECT
    title, series, popularity, duration_value, bitrate_value, resolution, raw_resolution,
    CASE WHEN duration_value IS NULL THEN NULL ELSE CAST(CASE WHEN duration_value < 300000 THEN 0 WHEN duration_value < 600000 THEN 300000 WHEN duration_value >= 10800000 THEN 10800000 WHEN duration_value >= 10500000 THEN 10500000 ELSE duration_value - duration_value % 300000 END AS numeric) END AS duration_from,
    CASE WHEN duration_value IS NULL THEN NULL ELSE CAST(CASE WHEN duration_value < 300000 THEN 300000 WHEN duration_value < 600000 THEN 600000 WHEN duration_value >= 10800000 THEN NULL WHEN duration_value >= 10500000 THEN 10800000 ELSE duration_value - duration_value % 300000 + 300000 END AS numeric) END AS duration_to,
    CASE WHEN bitrate_value IS NULL THEN NULL ELSE CAST(CASE WHEN bitrate_value < 1750000 THEN CASE WHEN bitrate_value < 560000 THEN CASE WHEN bitrate_value < 375000 THEN CASE WHEN bitrate_value < 235000 THEN 0 ELSE 235000 END ELSE 375000 END ELSE CASE WHEN bitrate_value < 1050000 THEN CASE WHEN bitrate_value < 750000 THEN 560000 ELSE 750000 END ELSE 1050000 END END ELSE CASE WHEN bitrate_value < 4300000 THEN CASE WHEN bitrate_value < 3000000 THEN CASE WHEN bitrate_value < 2350000 THEN 1750000 ELSE 2350000 END ELSE 3000000 END ELSE CASE WHEN bitrate_value < 5800000 THEN 4300000 ELSE 5800000 END END END AS numeric) END AS bitrate_from,
    CASE WHEN bitrate_value IS NULL THEN NULL ELSE CAST(CASE WHEN bitrate_value < 1750000 THEN CASE WHEN bitrate_value < 560000 THEN CASE WHEN bitrate_value < 375000 THEN CASE WHEN bitrate_value < 235000 THEN 235000 ELSE 375000 END ELSE 560000 END ELSE CASE WHEN bitrate_value < 1050000 THEN CASE WHEN bitrate_value < 750000 THEN 750000 ELSE 1050000 END ELSE 1750000 END END ELSE CASE WHEN bitrate_value < 4300000 THEN CASE WHEN bitrate_value < 3000000 THEN CASE WHEN bitrate_value < 2350000 THEN 2350000 ELSE 3000000 END ELSE 4300000 END ELSE CASE WHEN bitrate_value < 5800000 THEN 5800000 ELSE NULL END END END AS numeric) END AS bitrate_to,
    ((duration_value IS NOT NULL AND duration_value >= 10800000) AND (resolution IS NULL OR (resolution IS NOT NULL AND resolution = 'HD'))) OR ((duration_value IS NOT NULL AND duration_value >= 0 AND duration_value < 300000) AND bitrate_value IS NULL) AS boxed
  FROM (
    SELECT
      title, series, popularity, duration_value, bitrate_value,
      raw_resolution, CASE WHEN raw_resolution IS NULL THEN NULL WHEN raw_resolution IN ('480p', '576p') THEN E'it''s "SD" \\' WHEN raw_resolution IN ('720p') THEN 'HD' ELSE 'other' END AS resolution
    FROM files OFFSET 0
  ) AS told OFFSET 0
), scale AS (
  SELECT max(popularity) AS largest, max(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN 0 ELSE 1 END) AS odd, sum(CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity ELSE 0 END AS BIGINT) AS numeric)) AS counted
  FROM files
), divided AS (
  SELECT largest, odd, counted, CAST(CASE WHEN parts < 4611686018427387904 THEN 1 WHEN parts < 9223372036854775808 THEN 2 WHEN parts < 18446744073709551616 THEN 4 WHEN parts < 36893488147419103232 THEN 8 WHEN parts < 73786976294838206464 THEN 16 WHEN parts < 147573952589676412928 THEN 32 WHEN parts < 295147905179352825856 THEN 64 WHEN parts < 590295810358705651712 THEN 128 WHEN parts < 1180591620717411303424 THEN 256 WHEN parts < 2361183241434822606848 THEN 512 WHEN parts < 4722366482869645213696 THEN 1024 WHEN parts < 9444732965739290427392 THEN 2048 WHEN parts < 18889465931478580854784 THEN 4096 WHEN parts < 37778931862957161709568 THEN 8192 WHEN parts < 75557863725914323419136 THEN 16384 WHEN parts < 151115727451828646838272 THEN 32768 WHEN parts < 302231454903657293676544 THEN 65536 WHEN parts < 604462909807314587353088 THEN 131072 WHEN parts < 1208925819614629174706176 THEN 262144 WHEN parts < 2417851639229258349412352 THEN 524288 WHEN parts < 4835703278458516698824704 THEN 1048576 WHEN parts < 9671406556917033397649408 THEN 2097152 ELSE 4194304 END AS numeric) AS divisor
  FROM (SELECT largest, odd, counted, sum(CASE WHEN largest = 0 THEN 1 WHEN odd = 0 AND counted < 4611686018427387904 THEN CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity END AS BIGINT) AS numeric) WHEN popularity / largest * CAST(4503599627370496 AS double precision) < 0.5 THEN 0 ELSE CAST(CAST(floor(popularity / largest * CAST(4503599627370496 AS double precision) + 0.5) AS BIGINT) AS numeric) END) AS parts FROM files CROSS JOIN scale GROUP BY largest, odd, counted) AS summed
), weighted AS (
  SELECT title, series, CASE WHEN boxed THEN NULL ELSE resolution END AS resolution, CASE WHEN boxed THEN NULL ELSE duration_from END AS duration_from, CASE WHEN boxed THEN NULL ELSE duration_to END AS duration_to, duration_value, CASE WHEN boxed THEN NULL ELSE duration_value END AS duration_told, CASE WHEN duration_to IS NULL THEN duration_from ELSE duration_from + div((duration_to - duration_from), 2) END AS duration_middle, CASE WHEN boxed THEN NULL ELSE bitrate_from END AS bitrate_from, CASE WHEN boxed THEN NULL ELSE bitrate_to END AS bitrate_to, bitrate_value, CASE WHEN boxed THEN NULL ELSE bitrate_value END AS bitrate_told, CASE WHEN bitrate_to IS NULL THEN bitrate_from ELSE bitrate_from + div((bitrate_to - bitrate_from), 2) END AS bitrate_middle, CASE WHEN boxed THEN 1 ELSE 0 END AS other, div(part, divisor) AS weight
  FROM (SELECT title, series, resolution, duration_value, duration_from, duration_to, bitrate_value, bitrate_from, bitrate_to, boxed, divisor, CASE WHEN largest = 0 THEN 1 WHEN odd = 0 AND counted < 4611686018427387904 THEN CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity END AS BIGINT) AS numeric) WHEN popularity / largest * CAST(4503599627370496 AS double precision) < 0.5 THEN 0 ELSE CAST(CAST(floor(popularity / largest * CAST(4503599627370496 AS double precision) + 0.5) AS BIGINT) AS numeric) END AS part FROM cut CROSS JOIN divided OFFSET 0) AS parted OFFSET 0
), titles AS (
  SELECT duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, title, series, count(*) AS files, sum(weight) AS weight, max(weight) AS top_file_weight, count(duration_value) AS duration_files, sum(duration_told) AS duration_sum, sum(duration_told * duration_told) AS duration_squares, sum(CASE WHEN duration_told >= duration_middle THEN duration_told - duration_middle ELSE duration_middle - duration_told END) AS duration_error, count(bitrate_value) AS bitrate_files, sum(bitrate_told) AS bitrate_sum, sum(bitrate_told * bitrate_told) AS bitrate_squares, sum(CASE WHEN bitrate_told >= bitrate_middle THEN bitrate_told - bitrate_middle ELSE bitrate_middle - bitrate_told END) AS bitrate_error
  FROM weighted
  GROUP BY duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, title, series
), shares AS (
  SELECT duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, title, series, files, weight, top_file_weight, duration_files, duration_sum, duration_squares, duration_error, bitrate_files, bitrate_sum, bitrate_squares, bitrate_error,
    sum(files) OVER (PARTITION BY duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, title) AS title_files, sum(weight) OVER (PARTITION BY duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, title) AS title_weight
  FROM titles
), whole AS (
  SELECT count(*) AS all_titles, max(files) AS all_top_title_files, max(weight) AS all_top_title_weight
  FROM (SELECT title, sum(files) AS files, sum(weight) AS weight FROM titles GROUP BY title) AS titles
), whole_resolution AS (
  SELECT COALESCE(sum(names), 0) AS resolution_names, COALESCE(sum(files * (names - 1)), 0) AS resolution_coarse
  FROM (SELECT resolution, count(*) AS files, count(DISTINCT raw_resolution) AS names FROM cut WHERE resolution IS NOT NULL GROUP BY resolution) AS names
)
SELECT
  E'{"ping":"length","duration":"floor:5min+bottom:5min+top:3h","bitrate":"ladder:netflix_fixed_2015","by":["resolution"],"other":2,"groups":{"resolution":"groups:it''s \\"SD\\" \\\\=480p|576p,HD=720p"},"lacks":[],"has":["duration","bitrate","resolution","video_codec","audio_codec","container"]}' AS generalization,
  CAST(all_titles AS BIGINT) AS all_titles,
  CAST(all_top_title_files AS BIGINT) AS all_top_title_files,
  CAST(all_top_title_weight AS BIGINT) AS all_top_title_weight,
  CAST(resolution_names AS BIGINT) AS resolution_names,
  CAST(resolution_coarse AS text) AS resolution_coarse,
  CAST(duration_from AS text) AS duration_from,
  CAST(duration_to AS text) AS duration_to,
  CAST(bitrate_from AS text) AS bitrate_from,
  CAST(bitrate_to AS text) AS bitrate_to,
  resolution,
  other,
  CAST(sum(files) AS BIGINT) AS files,
  CAST(count(DISTINCT title) AS BIGINT) AS titles,
  CAST(count(DISTINCT series) + count(DISTINCT CASE WHEN series IS NULL THEN title END) AS BIGINT) AS series,
  CAST(sum(weight) AS BIGINT) AS weight,
  CAST(max(top_file_weight) AS BIGINT) AS top_file_weight,
  CAST(max(title_files) AS BIGINT) AS top_title_files,
  CAST(max(title_weight) AS BIGINT) AS top_title_weight,
  CAST(sum(duration_files) AS BIGINT) AS duration_files,
  CAST(sum(duration_sum) AS text) AS duration_sum,
  CAST(sum(duration_squares) AS text) AS duration_squares,
  CAST(sum(duration_error) AS text) AS duration_error,
  CAST(sum(bitrate_files) AS BIGINT) AS bitrate_files,
  CAST(sum(bitrate_sum) AS text) AS bitrate_sum,
  CAST(sum(bitrate_squares) AS text) AS bitrate_squares,
  CAST(sum(bitrate_error) AS text) AS bitrate_error
FROM shares CROSS JOIN whole CROSS JOIN whole_resolution
GROUP BY duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, all_titles, all_top_title_files, all_top_title_weight, resolution_names, resolution_coarse
