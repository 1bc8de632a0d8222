SELECT
  CASE WHEN is_other THEN NULL ELSE CAST(CASE WHEN from_0 IS NULL THEN NULL WHEN to_0 IS NULL THEN from_0 ELSE from_0 + intDiv((to_0 - from_0), 2) END AS Nullable(UInt64)) END AS `duration`,
  CASE WHEN is_other THEN NULL ELSE CAST(from_0 AS Nullable(UInt64)) END AS `duration_from`,
  CASE WHEN is_other THEN NULL ELSE CAST(to_0 AS Nullable(UInt64)) END AS `duration_to`,
  CASE WHEN is_other THEN NULL ELSE CASE WHEN from_0 IS NULL THEN NULL WHEN to_0 IS NULL THEN CASE WHEN from_0 <> 0 AND from_0 % 3600000 = 0 THEN concat('from ', toString(intDiv(from_0, 3600000)), ' h') WHEN from_0 <> 0 AND from_0 % 60000 = 0 THEN concat('from ', toString(intDiv(from_0, 60000)), ' min') WHEN from_0 <> 0 AND from_0 % 1000 = 0 THEN concat('from ', toString(intDiv(from_0, 1000)), ' s') ELSE concat('from ', toString(from_0), ' ms') END ELSE CASE WHEN from_0 % 3600000 = 0 AND to_0 % 3600000 = 0 THEN concat(toString(intDiv(from_0, 3600000)), '-', toString(intDiv(to_0, 3600000)), ' h') WHEN from_0 % 60000 = 0 AND to_0 % 60000 = 0 THEN concat(toString(intDiv(from_0, 60000)), '-', toString(intDiv(to_0, 60000)), ' min') WHEN from_0 % 1000 = 0 AND to_0 % 1000 = 0 THEN concat(toString(intDiv(from_0, 1000)), '-', toString(intDiv(to_0, 1000)), ' s') ELSE concat(toString(from_0), '-', toString(to_0), ' ms') END END END AS `duration_label`,
  CASE WHEN is_other THEN NULL ELSE CAST(from_1 AS Nullable(UInt64)) END AS `bitrate`,
  CASE WHEN is_other THEN NULL ELSE CAST(from_1 AS Nullable(UInt64)) END AS `bitrate_from`,
  CASE WHEN is_other THEN NULL ELSE CAST(to_1 AS Nullable(UInt64)) END AS `bitrate_to`,
  CASE WHEN is_other THEN NULL ELSE CASE WHEN from_1 IS NULL THEN NULL WHEN to_1 IS NULL THEN CASE WHEN from_1 <> 0 AND from_1 % 1000000 = 0 THEN concat('from ', toString(intDiv(from_1, 1000000)), ' Mbps') WHEN from_1 <> 0 AND from_1 % 1000 = 0 THEN concat('from ', toString(intDiv(from_1, 1000)), ' kbps') ELSE concat('from ', toString(from_1), ' bps') END ELSE CASE WHEN from_1 % 1000000 = 0 AND to_1 % 1000000 = 0 THEN concat(toString(intDiv(from_1, 1000000)), '-', toString(intDiv(to_1, 1000000)), ' Mbps') WHEN from_1 % 1000 = 0 AND to_1 % 1000 = 0 THEN concat(toString(intDiv(from_1, 1000)), '-', toString(intDiv(to_1, 1000)), ' kbps') ELSE concat(toString(from_1), '-', toString(to_1), ' bps') END END END AS `bitrate_label`,
  CASE WHEN is_other THEN NULL ELSE CAST(CASE WHEN from_2 IS NULL THEN NULL WHEN to_2 IS NULL THEN from_2 ELSE from_2 + intDiv((to_2 - from_2), 2) END AS Nullable(UInt64)) END AS `stalls`,
  CASE WHEN is_other THEN NULL ELSE CAST(from_2 AS Nullable(UInt64)) END AS `stalls_from`,
  CASE WHEN is_other THEN NULL ELSE CAST(to_2 AS Nullable(UInt64)) END AS `stalls_to`,
  CASE WHEN is_other THEN NULL ELSE CASE WHEN from_2 IS NULL THEN NULL WHEN to_2 IS NULL THEN concat('from ', toString(from_2)) ELSE concat(toString(from_2), '-', toString(to_2)) END END AS `stalls_label`,
  CASE WHEN is_other THEN NULL ELSE CASE WHEN value_3 IS NULL THEN NULL WHEN value_3 IN ('480p', '576p') THEN 'it\'s "SD" \\' WHEN value_3 IN ('720p') THEN 'HD' ELSE 'other' END END AS `resolution`,
  CASE WHEN is_other THEN NULL ELSE value_4 END AS `direct`,
  is_other AS `other`
FROM (
  SELECT
    leaves_0,
    leaves_1,
    leaves_2,
    value_0,
    value_1,
    value_2,
    value_3,
    value_4,
    CASE WHEN value_0 IS NULL THEN NULL ELSE CAST(CASE WHEN value_0 < 300000 THEN 0 WHEN value_0 < 600000 THEN 300000 WHEN value_0 >= 10800000 THEN 10800000 WHEN value_0 >= 10500000 THEN 10500000 ELSE value_0 - value_0 % 300000 END AS Nullable(Int128)) END AS from_0,
    CASE WHEN value_0 IS NULL THEN NULL ELSE CAST(CASE WHEN value_0 < 300000 THEN 300000 WHEN value_0 < 600000 THEN 600000 WHEN value_0 >= 10800000 THEN NULL WHEN value_0 >= 10500000 THEN 10800000 ELSE value_0 - value_0 % 300000 + 300000 END AS Nullable(Int128)) END AS to_0,
    CASE WHEN value_1 IS NULL THEN NULL ELSE CAST(CASE WHEN value_1 < 1750000 THEN CASE WHEN value_1 < 560000 THEN CASE WHEN value_1 < 375000 THEN CASE WHEN value_1 < 235000 THEN 0 ELSE 235000 END ELSE 375000 END ELSE CASE WHEN value_1 < 1050000 THEN CASE WHEN value_1 < 750000 THEN 560000 ELSE 750000 END ELSE 1050000 END END ELSE CASE WHEN value_1 < 4300000 THEN CASE WHEN value_1 < 3000000 THEN CASE WHEN value_1 < 2350000 THEN 1750000 ELSE 2350000 END ELSE 3000000 END ELSE CASE WHEN value_1 < 5800000 THEN 4300000 ELSE 5800000 END END END AS Nullable(Int128)) END AS from_1,
    CASE WHEN value_1 IS NULL THEN NULL ELSE CAST(CASE WHEN value_1 < 1750000 THEN CASE WHEN value_1 < 560000 THEN CASE WHEN value_1 < 375000 THEN CASE WHEN value_1 < 235000 THEN 235000 ELSE 375000 END ELSE 560000 END ELSE CASE WHEN value_1 < 1050000 THEN CASE WHEN value_1 < 750000 THEN 750000 ELSE 1050000 END ELSE 1750000 END END ELSE CASE WHEN value_1 < 4300000 THEN CASE WHEN value_1 < 3000000 THEN CASE WHEN value_1 < 2350000 THEN 2350000 ELSE 3000000 END ELSE 4300000 END ELSE CASE WHEN value_1 < 5800000 THEN 5800000 ELSE NULL END END END AS Nullable(Int128)) END AS to_1,
    CASE WHEN value_2 IS NULL THEN NULL ELSE CAST(CASE WHEN value_2 >= 18446744073709551610 THEN 18446744073709551610 ELSE CASE WHEN value_2 < 10000000000000000000 THEN value_2 ELSE value_2 - value_2 % 10 END END AS Nullable(Int128)) END AS from_2,
    CASE WHEN value_2 IS NULL THEN NULL ELSE CAST(CASE WHEN value_2 >= 18446744073709551610 THEN NULL ELSE CASE WHEN value_2 < 10000000000000000000 THEN value_2 + 1 ELSE value_2 - value_2 % 10 + 10 END END AS Nullable(Int128)) END AS to_2,
    (leaves_0 AND (value_0 IS NOT NULL AND value_0 >= 10800000) AND leaves_2 AND (value_3 IS NULL OR (value_3 IS NOT NULL AND CASE WHEN value_3 IS NULL THEN NULL WHEN value_3 IN ('480p', '576p') THEN 'it\'s "SD" \\' WHEN value_3 IN ('720p') THEN 'HD' ELSE 'other' END = 'HD'))) OR (leaves_0 AND value_1 IS NULL AND leaves_0 AND (value_0 IS NOT NULL AND value_0 >= 0 AND value_0 < 300000)) AS is_other
  FROM (
    SELECT
      COALESCE(`consent_playback`, FALSE) AS leaves_0,
      COALESCE(`consent_crash`, FALSE) AS leaves_1,
      COALESCE(CAST(`content` AS Nullable(String)), 'personal') = 'provided' AS leaves_2,
      CASE WHEN COALESCE(`consent_playback`, FALSE) THEN CASE WHEN `duration_ms` IS NULL THEN NULL WHEN CAST(`duration_ms` AS Nullable(Int128)) BETWEEN 0 AND 18446744073709551615 AND CAST(`duration_ms` AS Nullable(Int128)) = `duration_ms` THEN CAST(`duration_ms` AS Nullable(Int128)) ELSE toInt128(throwIf(`duration_ms` IS NOT NULL, 'duration_ms: no whole number from 0 to 18446744073709551615')) END END AS value_0,
      CASE WHEN COALESCE(`consent_playback`, FALSE) THEN CASE WHEN `bitrate_bps` IS NULL THEN NULL WHEN CAST(`bitrate_bps` AS Nullable(Int128)) BETWEEN 0 AND 18446744073709551615 AND CAST(`bitrate_bps` AS Nullable(Int128)) = `bitrate_bps` THEN CAST(`bitrate_bps` AS Nullable(Int128)) ELSE toInt128(throwIf(`bitrate_bps` IS NOT NULL, 'bitrate_bps: no whole number from 0 to 18446744073709551615')) END END AS value_1,
      CASE WHEN COALESCE(`consent_crash`, FALSE) THEN CASE WHEN `stalls` IS NULL THEN NULL WHEN CAST(`stalls` AS Nullable(Int128)) BETWEEN 0 AND 18446744073709551615 AND CAST(`stalls` AS Nullable(Int128)) = `stalls` THEN CAST(`stalls` AS Nullable(Int128)) ELSE toInt128(throwIf(`stalls` IS NOT NULL, 'stalls: no whole number from 0 to 18446744073709551615')) END END AS value_2,
      CASE WHEN COALESCE(CAST(`content` AS Nullable(String)), 'personal') = 'provided' THEN CAST(`resolution` AS Nullable(String)) END AS value_3,
      CASE WHEN COALESCE(`consent_playback`, FALSE) THEN CAST(`direct` AS Nullable(Bool)) END AS value_4
    FROM `raw`.`plays`
  ) AS plays
) AS buckets
WHERE leaves_0 OR leaves_1 OR leaves_2
