WITH files AS (
  SELECT
    `title_id` AS title,
    `series_id` AS series,
    COALESCE(CAST(`popularity` AS DOUBLE), CAST(1 AS DOUBLE)) AS popularity,
    CASE WHEN `duration_ms` IS NULL THEN NULL WHEN CAST(`duration_ms` AS DECIMAL(20, 0)) BETWEEN 1BD AND 4294967295BD AND CAST(`duration_ms` AS DECIMAL(20, 0)) = `duration_ms` THEN CAST(`duration_ms` AS DECIMAL(20, 0)) ELSE CAST(raise_error('duration_ms: no whole number from 1 to 4294967295') AS DECIMAL(20, 0)) END AS duration_value,
    CASE WHEN `bitrate_bps` IS NULL THEN NULL WHEN CAST(`bitrate_bps` AS DECIMAL(20, 0)) BETWEEN 1BD AND 4294967295BD AND CAST(`bitrate_bps` AS DECIMAL(20, 0)) = `bitrate_bps` THEN CAST(`bitrate_bps` AS DECIMAL(20, 0)) ELSE CAST(raise_error('bitrate_bps: no whole number from 1 to 4294967295') AS DECIMAL(20, 0)) END AS bitrate_value,
    NULLIF(TRIM(CAST(`resolution` AS STRING)), '') AS raw_resolution
  FROM `catalogue`
), cut AS (
  SELECT
    title, series, popularity, duration_value, bitrate_value, resolution, raw_resolution,
    CASE WHEN duration_value IS NULL THEN NULL ELSE CAST(CASE WHEN duration_value < 300000BD THEN 0BD WHEN duration_value < 600000BD THEN 300000BD WHEN duration_value >= 10800000BD THEN 10800000BD WHEN duration_value >= 10500000BD THEN 10500000BD ELSE duration_value - duration_value % 300000BD END AS DECIMAL(20, 0)) END AS duration_from,
    CASE WHEN duration_value IS NULL THEN NULL ELSE CAST(CASE WHEN duration_value < 300000BD THEN 300000BD WHEN duration_value < 600000BD THEN 600000BD WHEN duration_value >= 10800000BD THEN NULL WHEN duration_value >= 10500000BD THEN 10800000BD ELSE duration_value - duration_value % 300000BD + 300000BD END AS DECIMAL(20, 0)) END AS duration_to,
    CASE WHEN bitrate_value IS NULL THEN NULL ELSE CAST(CASE WHEN bitrate_value < 1750000BD THEN CASE WHEN bitrate_value < 560000BD THEN CASE WHEN bitrate_value < 375000BD THEN CASE WHEN bitrate_value < 235000BD THEN 0BD ELSE 235000BD END ELSE 375000BD END ELSE CASE WHEN bitrate_value < 1050000BD THEN CASE WHEN bitrate_value < 750000BD THEN 560000BD ELSE 750000BD END ELSE 1050000BD END END ELSE CASE WHEN bitrate_value < 4300000BD THEN CASE WHEN bitrate_value < 3000000BD THEN CASE WHEN bitrate_value < 2350000BD THEN 1750000BD ELSE 2350000BD END ELSE 3000000BD END ELSE CASE WHEN bitrate_value < 5800000BD THEN 4300000BD ELSE 5800000BD END END END AS DECIMAL(20, 0)) END AS bitrate_from,
    CASE WHEN bitrate_value IS NULL THEN NULL ELSE CAST(CASE WHEN bitrate_value < 1750000BD THEN CASE WHEN bitrate_value < 560000BD THEN CASE WHEN bitrate_value < 375000BD THEN CASE WHEN bitrate_value < 235000BD THEN 235000BD ELSE 375000BD END ELSE 560000BD END ELSE CASE WHEN bitrate_value < 1050000BD THEN CASE WHEN bitrate_value < 750000BD THEN 750000BD ELSE 1050000BD END ELSE 1750000BD END END ELSE CASE WHEN bitrate_value < 4300000BD THEN CASE WHEN bitrate_value < 3000000BD THEN CASE WHEN bitrate_value < 2350000BD THEN 2350000BD ELSE 3000000BD END ELSE 4300000BD END ELSE CASE WHEN bitrate_value < 5800000BD THEN 5800000BD ELSE NULL END END END AS DECIMAL(20, 0)) END AS bitrate_to,
    ((duration_value IS NOT NULL AND duration_value >= 10800000BD) AND (resolution IS NULL OR (resolution IS NOT NULL AND resolution = 'HD'))) OR ((duration_value IS NOT NULL AND duration_value >= 0BD AND duration_value < 300000BD) AND bitrate_value IS NULL) AS boxed
  FROM (
    SELECT
      title, series, popularity, duration_value, bitrate_value,
      raw_resolution, CASE WHEN raw_resolution IS NULL THEN NULL WHEN raw_resolution IN ('480p', '576p') THEN 'it\u0027s \u0022SD\u0022 \u005c' WHEN raw_resolution IN ('720p') THEN 'HD' ELSE 'other' END AS resolution
    FROM files
  ) AS told
), scale AS (
  SELECT max(popularity) AS largest, max(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN 0 ELSE 1 END) AS odd, sum(CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity ELSE 0 END AS BIGINT) AS DECIMAL(20, 0))) AS counted
  FROM files
), divided AS (
  SELECT largest, odd, counted, CAST(CASE WHEN parts < 4611686018427387904BD THEN 1BD WHEN parts < 9223372036854775808BD THEN 2BD WHEN parts < 18446744073709551616BD THEN 4BD WHEN parts < 36893488147419103232BD THEN 8BD WHEN parts < 73786976294838206464BD THEN 16BD WHEN parts < 147573952589676412928BD THEN 32BD WHEN parts < 295147905179352825856BD THEN 64BD WHEN parts < 590295810358705651712BD THEN 128BD WHEN parts < 1180591620717411303424BD THEN 256BD WHEN parts < 2361183241434822606848BD THEN 512BD WHEN parts < 4722366482869645213696BD THEN 1024BD WHEN parts < 9444732965739290427392BD THEN 2048BD WHEN parts < 18889465931478580854784BD THEN 4096BD WHEN parts < 37778931862957161709568BD THEN 8192BD WHEN parts < 75557863725914323419136BD THEN 16384BD WHEN parts < 151115727451828646838272BD THEN 32768BD WHEN parts < 302231454903657293676544BD THEN 65536BD WHEN parts < 604462909807314587353088BD THEN 131072BD WHEN parts < 1208925819614629174706176BD THEN 262144BD WHEN parts < 2417851639229258349412352BD THEN 524288BD WHEN parts < 4835703278458516698824704BD THEN 1048576BD WHEN parts < 9671406556917033397649408BD THEN 2097152BD ELSE 4194304BD END AS DECIMAL(20, 0)) AS divisor
  FROM (SELECT largest, odd, counted, sum(CASE WHEN largest = 0 THEN 1BD WHEN odd = 0 AND counted < 4611686018427387904BD THEN CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity END AS BIGINT) AS DECIMAL(20, 0)) WHEN popularity / largest * CAST(4503599627370496 AS DOUBLE) < 0.5 THEN 0BD ELSE CAST(CAST(floor(popularity / largest * CAST(4503599627370496 AS DOUBLE) + 0.5) AS BIGINT) AS DECIMAL(20, 0)) END) AS parts FROM files CROSS JOIN scale GROUP BY largest, odd, counted) AS summed
), weighted AS (
  SELECT title, series, CASE WHEN boxed THEN NULL ELSE resolution END AS resolution, CASE WHEN boxed THEN NULL ELSE duration_from END AS duration_from, CASE WHEN boxed THEN NULL ELSE duration_to END AS duration_to, duration_value, CASE WHEN boxed THEN NULL ELSE duration_value END AS duration_told, CASE WHEN duration_to IS NULL THEN duration_from ELSE duration_from + CAST(((duration_to - duration_from) - (duration_to - duration_from) % 2BD) / 2BD AS DECIMAL(20, 0)) END AS duration_middle, CASE WHEN boxed THEN NULL ELSE bitrate_from END AS bitrate_from, CASE WHEN boxed THEN NULL ELSE bitrate_to END AS bitrate_to, bitrate_value, CASE WHEN boxed THEN NULL ELSE bitrate_value END AS bitrate_told, CASE WHEN bitrate_to IS NULL THEN bitrate_from ELSE bitrate_from + CAST(((bitrate_to - bitrate_from) - (bitrate_to - bitrate_from) % 2BD) / 2BD AS DECIMAL(20, 0)) END AS bitrate_middle, CASE WHEN boxed THEN 1 ELSE 0 END AS other, CAST((part - part % divisor) / divisor AS DECIMAL(20, 0)) AS weight
  FROM (SELECT title, series, resolution, duration_value, duration_from, duration_to, bitrate_value, bitrate_from, bitrate_to, boxed, divisor, CASE WHEN largest = 0 THEN 1BD WHEN odd = 0 AND counted < 4611686018427387904BD THEN CAST(CAST(CASE WHEN popularity = floor(popularity) AND popularity <= 9007199254740992 THEN popularity END AS BIGINT) AS DECIMAL(20, 0)) WHEN popularity / largest * CAST(4503599627370496 AS DOUBLE) < 0.5 THEN 0BD ELSE CAST(CAST(floor(popularity / largest * CAST(4503599627370496 AS DOUBLE) + 0.5) AS BIGINT) AS DECIMAL(20, 0)) END AS part FROM cut CROSS JOIN divided) AS parted
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
  '\u007b\u0022ping\u0022:\u0022length\u0022,\u0022duration\u0022:\u0022floor:5min+bottom:5min+top:3h\u0022,\u0022bitrate\u0022:\u0022ladder:netflix_fixed_2015\u0022,\u0022by\u0022:\u005b\u0022resolution\u0022\u005d,\u0022other\u0022:2,\u0022groups\u0022:\u007b\u0022resolution\u0022:\u0022groups:it\u0027s \u005c\u0022SD\u005c\u0022 \u005c\u005c=480p|576p,HD=720p\u0022\u007d,\u0022lacks\u0022:\u005b\u005d,\u0022has\u0022:\u005b\u0022duration\u0022,\u0022bitrate\u0022,\u0022resolution\u0022,\u0022video_codec\u0022,\u0022audio_codec\u0022,\u0022container\u0022\u005d\u007d' AS generalization,
  CAST(all_titles AS BIGINT) AS all_titles,
  CAST(all_top_title_files AS BIGINT) AS all_top_title_files,
  CAST(all_top_title_weight AS BIGINT) AS all_top_title_weight,
  CAST(resolution_names AS BIGINT) AS resolution_names,
  CAST(resolution_coarse AS STRING) AS resolution_coarse,
  CAST(duration_from AS STRING) AS duration_from,
  CAST(duration_to AS STRING) AS duration_to,
  CAST(bitrate_from AS STRING) AS bitrate_from,
  CAST(bitrate_to AS STRING) AS bitrate_to,
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
  CAST(sum(duration_sum) AS STRING) AS duration_sum,
  CAST(sum(duration_squares) AS STRING) AS duration_squares,
  CAST(sum(duration_error) AS STRING) AS duration_error,
  CAST(sum(bitrate_files) AS BIGINT) AS bitrate_files,
  CAST(sum(bitrate_sum) AS STRING) AS bitrate_sum,
  CAST(sum(bitrate_squares) AS STRING) AS bitrate_squares,
  CAST(sum(bitrate_error) AS STRING) AS bitrate_error
FROM shares CROSS JOIN whole CROSS JOIN whole_resolution
GROUP BY duration_from, duration_to, bitrate_from, bitrate_to, resolution, other, all_titles, all_top_title_files, all_top_title_weight, resolution_names, resolution_coarse
