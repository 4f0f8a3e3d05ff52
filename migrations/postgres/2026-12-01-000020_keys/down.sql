-- The keys of before. Units that had no such key keep theirs, and units without a code are withdrawn from the catalogue: a version that
-- reads these tables cannot hold them. It brings its own definitions of the others when it starts.

CREATE TABLE renamed (today TEXT PRIMARY KEY NOT NULL, former TEXT NOT NULL);
INSERT INTO renamed (former, today) VALUES
    ('an-giang-2004', 'an-giang-1997'), ('ba-ria-vung-tau-2004', 'ba-ria-vung-tau-1997'), ('bac-giang-2004', 'bac-giang-1997'),
    ('bac-kan-2004', 'bac-kan-1997'), ('bac-lieu-2004', 'bac-lieu-1997'), ('bac-ninh-2004', 'bac-ninh-1997'),
    ('ben-tre-2004', 'ben-tre-1997'), ('binh-dinh-2004', 'binh-dinh-1997'), ('binh-duong-2004', 'binh-duong-1997'),
    ('binh-phuoc-2004', 'binh-phuoc-1997'), ('binh-thuan-2004', 'binh-thuan-1997'), ('ca-mau-2004', 'ca-mau-1997'),
    ('cao-bang-2004', 'cao-bang-1997'), ('da-nang-2004', 'da-nang-1997'), ('dong-nai-2004', 'dong-nai-1997'),
    ('dong-thap-2004', 'dong-thap-1997'), ('gia-lai-2004', 'gia-lai-1997'), ('ha-giang-2004', 'ha-giang-1997'),
    ('ha-nam-2004', 'ha-nam-1997'), ('ha-noi-2004', 'ha-noi-2008'), ('ha-tinh-2004', 'ha-tinh-1997'),
    ('hai-duong-2004', 'hai-duong-1997'), ('hai-phong-2004', 'hai-phong-1997'), ('ho-chi-minh-2004', 'ho-chi-minh-1997'),
    ('hoa-binh-2004', 'hoa-binh-2008'), ('hung-yen-2004', 'hung-yen-1997'), ('khanh-hoa-2004', 'khanh-hoa-1997'),
    ('kien-giang-2004', 'kien-giang-1997'), ('kon-tum-2004', 'kon-tum-1997'), ('lam-dong-2004', 'lam-dong-1997'),
    ('lang-son-2004', 'lang-son-1997'), ('long-an-2004', 'long-an-1997'), ('nam-dinh-2004', 'nam-dinh-1997'),
    ('nghe-an-2004', 'nghe-an-1997'), ('ninh-binh-2004', 'ninh-binh-1997'), ('ninh-thuan-2004', 'ninh-thuan-1997'),
    ('phu-tho-2004', 'phu-tho-1997'), ('phu-yen-2004', 'phu-yen-1997'), ('quang-binh-2004', 'quang-binh-1997'),
    ('quang-nam-2004', 'quang-nam-1997'), ('quang-ngai-2004', 'quang-ngai-1997'), ('quang-ninh-2004', 'quang-ninh-1997'),
    ('quang-tri-2004', 'quang-tri-1997'), ('soc-trang-2004', 'soc-trang-1997'), ('son-la-2004', 'son-la-1997'),
    ('tay-ninh-2004', 'tay-ninh-1997'), ('thai-binh-2004', 'thai-binh-1997'), ('thai-nguyen-2004', 'thai-nguyen-1997'),
    ('thanh-hoa-2004', 'thanh-hoa-1997'), ('thua-thien-hue-2004', 'thua-thien-hue-1997'), ('tien-giang-2004', 'tien-giang-1997'),
    ('tra-vinh-2004', 'tra-vinh-1997'), ('tuyen-quang-2004', 'tuyen-quang-1997'), ('vinh-long-2004', 'vinh-long-1997'),
    ('vinh-phuc-2004', 'vinh-phuc-2008'), ('yen-bai-2004', 'yen-bai-1997');
DELETE FROM renamed WHERE today NOT IN (SELECT key FROM provinces) OR former IN (SELECT key FROM provinces);

CREATE TABLE parted (before TEXT PRIMARY KEY NOT NULL, since TEXT NOT NULL);
INSERT INTO parted (before, since)
SELECT replace(today, '-2008', '-1997'), today FROM renamed WHERE today LIKE '%-2008';
DELETE FROM parted WHERE before NOT IN (SELECT key FROM provinces);

INSERT INTO series (province, indicator, breakdown)
SELECT since, indicator, breakdown FROM series JOIN parted ON before = province
WHERE NOT EXISTS (
    SELECT 1 FROM series AS later
    WHERE later.province = since AND later.indicator = series.indicator AND later.breakdown = series.breakdown
);
UPDATE observations SET series_id = (
    SELECT later.id FROM series AS earlier
    JOIN parted ON before = earlier.province
    JOIN series AS later ON later.province = since AND later.indicator = earlier.indicator AND later.breakdown = earlier.breakdown
    WHERE earlier.id = observations.series_id
)
WHERE series_id IN (SELECT id FROM series JOIN parted ON before = province);
UPDATE targets SET series_id = (
    SELECT later.id FROM series AS earlier
    JOIN parted ON before = earlier.province
    JOIN series AS later ON later.province = since AND later.indicator = earlier.indicator AND later.breakdown = earlier.breakdown
    WHERE earlier.id = targets.series_id
)
WHERE series_id IN (SELECT id FROM series JOIN parted ON before = province);
DELETE FROM series WHERE province IN (SELECT before FROM parted);
UPDATE definition_versions SET province = (SELECT since FROM parted WHERE before = province) WHERE province IN (SELECT before FROM parted);
UPDATE definition_versions
SET definition = replace(replace(definition, '2008-08-01', '2004-07-08'), '["' || (SELECT before FROM parted WHERE since = code) || '"]', '[]')
WHERE kind = 'province' AND code IN (SELECT since FROM parted);
DELETE FROM definition_versions WHERE kind = 'province' AND (
    code IN (SELECT before FROM parted)
    OR code IN ('can-tho-1997', 'dak-lak-1997', 'ha-tay-1997', 'lai-chau-1997', 'lao-cai-1997')
);

INSERT INTO provinces (key) SELECT former FROM renamed;
UPDATE series SET province = (SELECT former FROM renamed WHERE today = province) WHERE province IN (SELECT today FROM renamed);
UPDATE definition_versions SET code = (SELECT former FROM renamed WHERE today = code)
WHERE kind = 'province' AND code IN (SELECT today FROM renamed);
UPDATE definition_versions SET province = (SELECT former FROM renamed WHERE today = province)
WHERE province IN (SELECT today FROM renamed);

UPDATE definition_versions SET definition = replace(definition, '"ha-noi-1997"', '"ha-noi-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-noi-1997"%' AND EXISTS (SELECT 1 FROM parted WHERE before = 'ha-noi-1997');
UPDATE clients SET provinces = trim(replace(replace(' ' || provinces || ' ', ' ha-noi-1997 ha-noi-2008 ', ' ha-noi-2008 '), ' ha-noi-1997 ', ' ha-noi-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'ha-noi-1997');
UPDATE submissions SET provinces = trim(replace(replace(' ' || provinces || ' ', ' ha-noi-1997 ha-noi-2008 ', ' ha-noi-2008 '), ' ha-noi-1997 ', ' ha-noi-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'ha-noi-1997');
UPDATE definition_versions SET definition = replace(definition, '"hoa-binh-1997"', '"hoa-binh-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hoa-binh-1997"%' AND EXISTS (SELECT 1 FROM parted WHERE before = 'hoa-binh-1997');
UPDATE clients SET provinces = trim(replace(replace(' ' || provinces || ' ', ' hoa-binh-1997 hoa-binh-2008 ', ' hoa-binh-2008 '), ' hoa-binh-1997 ', ' hoa-binh-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'hoa-binh-1997');
UPDATE submissions SET provinces = trim(replace(replace(' ' || provinces || ' ', ' hoa-binh-1997 hoa-binh-2008 ', ' hoa-binh-2008 '), ' hoa-binh-1997 ', ' hoa-binh-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'hoa-binh-1997');
UPDATE definition_versions SET definition = replace(definition, '"vinh-phuc-1997"', '"vinh-phuc-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"vinh-phuc-1997"%' AND EXISTS (SELECT 1 FROM parted WHERE before = 'vinh-phuc-1997');
UPDATE clients SET provinces = trim(replace(replace(' ' || provinces || ' ', ' vinh-phuc-1997 vinh-phuc-2008 ', ' vinh-phuc-2008 '), ' vinh-phuc-1997 ', ' vinh-phuc-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'vinh-phuc-1997');
UPDATE submissions SET provinces = trim(replace(replace(' ' || provinces || ' ', ' vinh-phuc-1997 vinh-phuc-2008 ', ' vinh-phuc-2008 '), ' vinh-phuc-1997 ', ' vinh-phuc-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-1997 %' AND EXISTS (SELECT 1 FROM parted WHERE before = 'vinh-phuc-1997');
UPDATE definition_versions SET definition = replace(definition, '"an-giang-1997"', '"an-giang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"an-giang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'an-giang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' an-giang-1997 ', ' an-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% an-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'an-giang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' an-giang-1997 ', ' an-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% an-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'an-giang-1997');
UPDATE definition_versions SET definition = replace(definition, '"ba-ria-vung-tau-1997"', '"ba-ria-vung-tau-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ba-ria-vung-tau-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ba-ria-vung-tau-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ba-ria-vung-tau-1997 ', ' ba-ria-vung-tau-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ba-ria-vung-tau-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ba-ria-vung-tau-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ba-ria-vung-tau-1997 ', ' ba-ria-vung-tau-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ba-ria-vung-tau-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ba-ria-vung-tau-1997');
UPDATE definition_versions SET definition = replace(definition, '"bac-giang-1997"', '"bac-giang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-giang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-giang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-giang-1997 ', ' bac-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-giang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-giang-1997 ', ' bac-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-giang-1997');
UPDATE definition_versions SET definition = replace(definition, '"bac-kan-1997"', '"bac-kan-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-kan-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-kan-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-kan-1997 ', ' bac-kan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-kan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-kan-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-kan-1997 ', ' bac-kan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-kan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-kan-1997');
UPDATE definition_versions SET definition = replace(definition, '"bac-lieu-1997"', '"bac-lieu-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-lieu-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-lieu-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-lieu-1997 ', ' bac-lieu-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-lieu-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-lieu-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-lieu-1997 ', ' bac-lieu-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-lieu-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-lieu-1997');
UPDATE definition_versions SET definition = replace(definition, '"bac-ninh-1997"', '"bac-ninh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-ninh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-ninh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-ninh-1997 ', ' bac-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-ninh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-ninh-1997 ', ' bac-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'bac-ninh-1997');
UPDATE definition_versions SET definition = replace(definition, '"ben-tre-1997"', '"ben-tre-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ben-tre-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ben-tre-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ben-tre-1997 ', ' ben-tre-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ben-tre-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ben-tre-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ben-tre-1997 ', ' ben-tre-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ben-tre-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ben-tre-1997');
UPDATE definition_versions SET definition = replace(definition, '"binh-dinh-1997"', '"binh-dinh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-dinh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-dinh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-dinh-1997 ', ' binh-dinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-dinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-dinh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-dinh-1997 ', ' binh-dinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-dinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-dinh-1997');
UPDATE definition_versions SET definition = replace(definition, '"binh-duong-1997"', '"binh-duong-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-duong-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-duong-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-duong-1997 ', ' binh-duong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-duong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-duong-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-duong-1997 ', ' binh-duong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-duong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-duong-1997');
UPDATE definition_versions SET definition = replace(definition, '"binh-phuoc-1997"', '"binh-phuoc-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-phuoc-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-phuoc-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-phuoc-1997 ', ' binh-phuoc-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-phuoc-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-phuoc-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-phuoc-1997 ', ' binh-phuoc-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-phuoc-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-phuoc-1997');
UPDATE definition_versions SET definition = replace(definition, '"binh-thuan-1997"', '"binh-thuan-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-thuan-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-thuan-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-thuan-1997 ', ' binh-thuan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-thuan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-thuan-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-thuan-1997 ', ' binh-thuan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-thuan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'binh-thuan-1997');
UPDATE definition_versions SET definition = replace(definition, '"ca-mau-1997"', '"ca-mau-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ca-mau-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ca-mau-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ca-mau-1997 ', ' ca-mau-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ca-mau-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ca-mau-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ca-mau-1997 ', ' ca-mau-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ca-mau-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ca-mau-1997');
UPDATE definition_versions SET definition = replace(definition, '"cao-bang-1997"', '"cao-bang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"cao-bang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'cao-bang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' cao-bang-1997 ', ' cao-bang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% cao-bang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'cao-bang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' cao-bang-1997 ', ' cao-bang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% cao-bang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'cao-bang-1997');
UPDATE definition_versions SET definition = replace(definition, '"da-nang-1997"', '"da-nang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"da-nang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'da-nang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' da-nang-1997 ', ' da-nang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% da-nang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'da-nang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' da-nang-1997 ', ' da-nang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% da-nang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'da-nang-1997');
UPDATE definition_versions SET definition = replace(definition, '"dong-nai-1997"', '"dong-nai-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"dong-nai-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-nai-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' dong-nai-1997 ', ' dong-nai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-nai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-nai-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' dong-nai-1997 ', ' dong-nai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-nai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-nai-1997');
UPDATE definition_versions SET definition = replace(definition, '"dong-thap-1997"', '"dong-thap-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"dong-thap-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-thap-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' dong-thap-1997 ', ' dong-thap-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-thap-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-thap-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' dong-thap-1997 ', ' dong-thap-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-thap-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'dong-thap-1997');
UPDATE definition_versions SET definition = replace(definition, '"gia-lai-1997"', '"gia-lai-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"gia-lai-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'gia-lai-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' gia-lai-1997 ', ' gia-lai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% gia-lai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'gia-lai-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' gia-lai-1997 ', ' gia-lai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% gia-lai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'gia-lai-1997');
UPDATE definition_versions SET definition = replace(definition, '"ha-giang-1997"', '"ha-giang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-giang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-giang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-giang-1997 ', ' ha-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-giang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-giang-1997 ', ' ha-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-giang-1997');
UPDATE definition_versions SET definition = replace(definition, '"ha-nam-1997"', '"ha-nam-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-nam-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-nam-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-nam-1997 ', ' ha-nam-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-nam-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-nam-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-nam-1997 ', ' ha-nam-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-nam-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-nam-1997');
UPDATE definition_versions SET definition = replace(definition, '"ha-noi-2008"', '"ha-noi-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-noi-2008"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-noi-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-noi-2008 ', ' ha-noi-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-noi-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-noi-2008 ', ' ha-noi-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-noi-2008');
UPDATE definition_versions SET definition = replace(definition, '"ha-tinh-1997"', '"ha-tinh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-tinh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-tinh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-tinh-1997 ', ' ha-tinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-tinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-tinh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-tinh-1997 ', ' ha-tinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-tinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ha-tinh-1997');
UPDATE definition_versions SET definition = replace(definition, '"hai-duong-1997"', '"hai-duong-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hai-duong-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-duong-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hai-duong-1997 ', ' hai-duong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-duong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-duong-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hai-duong-1997 ', ' hai-duong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-duong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-duong-1997');
UPDATE definition_versions SET definition = replace(definition, '"hai-phong-1997"', '"hai-phong-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hai-phong-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-phong-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hai-phong-1997 ', ' hai-phong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-phong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-phong-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hai-phong-1997 ', ' hai-phong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-phong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hai-phong-1997');
UPDATE definition_versions SET definition = replace(definition, '"ho-chi-minh-1997"', '"ho-chi-minh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ho-chi-minh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ho-chi-minh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ho-chi-minh-1997 ', ' ho-chi-minh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ho-chi-minh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ho-chi-minh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ho-chi-minh-1997 ', ' ho-chi-minh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ho-chi-minh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ho-chi-minh-1997');
UPDATE definition_versions SET definition = replace(definition, '"hoa-binh-2008"', '"hoa-binh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hoa-binh-2008"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hoa-binh-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hoa-binh-2008 ', ' hoa-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hoa-binh-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hoa-binh-2008 ', ' hoa-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hoa-binh-2008');
UPDATE definition_versions SET definition = replace(definition, '"hung-yen-1997"', '"hung-yen-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hung-yen-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hung-yen-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hung-yen-1997 ', ' hung-yen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hung-yen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hung-yen-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hung-yen-1997 ', ' hung-yen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% hung-yen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'hung-yen-1997');
UPDATE definition_versions SET definition = replace(definition, '"khanh-hoa-1997"', '"khanh-hoa-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"khanh-hoa-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'khanh-hoa-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' khanh-hoa-1997 ', ' khanh-hoa-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% khanh-hoa-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'khanh-hoa-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' khanh-hoa-1997 ', ' khanh-hoa-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% khanh-hoa-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'khanh-hoa-1997');
UPDATE definition_versions SET definition = replace(definition, '"kien-giang-1997"', '"kien-giang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"kien-giang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kien-giang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' kien-giang-1997 ', ' kien-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% kien-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kien-giang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' kien-giang-1997 ', ' kien-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% kien-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kien-giang-1997');
UPDATE definition_versions SET definition = replace(definition, '"kon-tum-1997"', '"kon-tum-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"kon-tum-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kon-tum-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' kon-tum-1997 ', ' kon-tum-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% kon-tum-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kon-tum-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' kon-tum-1997 ', ' kon-tum-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% kon-tum-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'kon-tum-1997');
UPDATE definition_versions SET definition = replace(definition, '"lam-dong-1997"', '"lam-dong-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"lam-dong-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lam-dong-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' lam-dong-1997 ', ' lam-dong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% lam-dong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lam-dong-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' lam-dong-1997 ', ' lam-dong-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% lam-dong-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lam-dong-1997');
UPDATE definition_versions SET definition = replace(definition, '"lang-son-1997"', '"lang-son-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"lang-son-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lang-son-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' lang-son-1997 ', ' lang-son-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% lang-son-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lang-son-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' lang-son-1997 ', ' lang-son-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% lang-son-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'lang-son-1997');
UPDATE definition_versions SET definition = replace(definition, '"long-an-1997"', '"long-an-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"long-an-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'long-an-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' long-an-1997 ', ' long-an-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% long-an-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'long-an-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' long-an-1997 ', ' long-an-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% long-an-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'long-an-1997');
UPDATE definition_versions SET definition = replace(definition, '"nam-dinh-1997"', '"nam-dinh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"nam-dinh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nam-dinh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' nam-dinh-1997 ', ' nam-dinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% nam-dinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nam-dinh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' nam-dinh-1997 ', ' nam-dinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% nam-dinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nam-dinh-1997');
UPDATE definition_versions SET definition = replace(definition, '"nghe-an-1997"', '"nghe-an-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"nghe-an-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nghe-an-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' nghe-an-1997 ', ' nghe-an-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% nghe-an-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nghe-an-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' nghe-an-1997 ', ' nghe-an-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% nghe-an-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'nghe-an-1997');
UPDATE definition_versions SET definition = replace(definition, '"ninh-binh-1997"', '"ninh-binh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ninh-binh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-binh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-binh-1997 ', ' ninh-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-binh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-binh-1997 ', ' ninh-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-binh-1997');
UPDATE definition_versions SET definition = replace(definition, '"ninh-thuan-1997"', '"ninh-thuan-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ninh-thuan-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-thuan-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-thuan-1997 ', ' ninh-thuan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-thuan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-thuan-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-thuan-1997 ', ' ninh-thuan-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-thuan-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'ninh-thuan-1997');
UPDATE definition_versions SET definition = replace(definition, '"phu-tho-1997"', '"phu-tho-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"phu-tho-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-tho-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' phu-tho-1997 ', ' phu-tho-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-tho-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-tho-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' phu-tho-1997 ', ' phu-tho-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-tho-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-tho-1997');
UPDATE definition_versions SET definition = replace(definition, '"phu-yen-1997"', '"phu-yen-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"phu-yen-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-yen-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' phu-yen-1997 ', ' phu-yen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-yen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-yen-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' phu-yen-1997 ', ' phu-yen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-yen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'phu-yen-1997');
UPDATE definition_versions SET definition = replace(definition, '"quang-binh-1997"', '"quang-binh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-binh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-binh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-binh-1997 ', ' quang-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-binh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-binh-1997 ', ' quang-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-binh-1997');
UPDATE definition_versions SET definition = replace(definition, '"quang-nam-1997"', '"quang-nam-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-nam-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-nam-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-nam-1997 ', ' quang-nam-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-nam-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-nam-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-nam-1997 ', ' quang-nam-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-nam-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-nam-1997');
UPDATE definition_versions SET definition = replace(definition, '"quang-ngai-1997"', '"quang-ngai-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-ngai-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ngai-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ngai-1997 ', ' quang-ngai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ngai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ngai-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ngai-1997 ', ' quang-ngai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ngai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ngai-1997');
UPDATE definition_versions SET definition = replace(definition, '"quang-ninh-1997"', '"quang-ninh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-ninh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ninh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ninh-1997 ', ' quang-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ninh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ninh-1997 ', ' quang-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-ninh-1997');
UPDATE definition_versions SET definition = replace(definition, '"quang-tri-1997"', '"quang-tri-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-tri-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-tri-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-tri-1997 ', ' quang-tri-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-tri-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-tri-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-tri-1997 ', ' quang-tri-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-tri-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'quang-tri-1997');
UPDATE definition_versions SET definition = replace(definition, '"soc-trang-1997"', '"soc-trang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"soc-trang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'soc-trang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' soc-trang-1997 ', ' soc-trang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% soc-trang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'soc-trang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' soc-trang-1997 ', ' soc-trang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% soc-trang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'soc-trang-1997');
UPDATE definition_versions SET definition = replace(definition, '"son-la-1997"', '"son-la-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"son-la-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'son-la-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' son-la-1997 ', ' son-la-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% son-la-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'son-la-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' son-la-1997 ', ' son-la-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% son-la-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'son-la-1997');
UPDATE definition_versions SET definition = replace(definition, '"tay-ninh-1997"', '"tay-ninh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tay-ninh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tay-ninh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tay-ninh-1997 ', ' tay-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tay-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tay-ninh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tay-ninh-1997 ', ' tay-ninh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tay-ninh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tay-ninh-1997');
UPDATE definition_versions SET definition = replace(definition, '"thai-binh-1997"', '"thai-binh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thai-binh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-binh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thai-binh-1997 ', ' thai-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-binh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thai-binh-1997 ', ' thai-binh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-binh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-binh-1997');
UPDATE definition_versions SET definition = replace(definition, '"thai-nguyen-1997"', '"thai-nguyen-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thai-nguyen-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-nguyen-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thai-nguyen-1997 ', ' thai-nguyen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-nguyen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-nguyen-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thai-nguyen-1997 ', ' thai-nguyen-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-nguyen-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thai-nguyen-1997');
UPDATE definition_versions SET definition = replace(definition, '"thanh-hoa-1997"', '"thanh-hoa-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thanh-hoa-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thanh-hoa-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thanh-hoa-1997 ', ' thanh-hoa-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thanh-hoa-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thanh-hoa-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thanh-hoa-1997 ', ' thanh-hoa-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thanh-hoa-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thanh-hoa-1997');
UPDATE definition_versions SET definition = replace(definition, '"thua-thien-hue-1997"', '"thua-thien-hue-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thua-thien-hue-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thua-thien-hue-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thua-thien-hue-1997 ', ' thua-thien-hue-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thua-thien-hue-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thua-thien-hue-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thua-thien-hue-1997 ', ' thua-thien-hue-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% thua-thien-hue-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'thua-thien-hue-1997');
UPDATE definition_versions SET definition = replace(definition, '"tien-giang-1997"', '"tien-giang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tien-giang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tien-giang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tien-giang-1997 ', ' tien-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tien-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tien-giang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tien-giang-1997 ', ' tien-giang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tien-giang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tien-giang-1997');
UPDATE definition_versions SET definition = replace(definition, '"tra-vinh-1997"', '"tra-vinh-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tra-vinh-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tra-vinh-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tra-vinh-1997 ', ' tra-vinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tra-vinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tra-vinh-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tra-vinh-1997 ', ' tra-vinh-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tra-vinh-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tra-vinh-1997');
UPDATE definition_versions SET definition = replace(definition, '"tuyen-quang-1997"', '"tuyen-quang-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tuyen-quang-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tuyen-quang-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tuyen-quang-1997 ', ' tuyen-quang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tuyen-quang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tuyen-quang-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tuyen-quang-1997 ', ' tuyen-quang-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% tuyen-quang-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'tuyen-quang-1997');
UPDATE definition_versions SET definition = replace(definition, '"vinh-long-1997"', '"vinh-long-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"vinh-long-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-long-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-long-1997 ', ' vinh-long-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-long-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-long-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-long-1997 ', ' vinh-long-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-long-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-long-1997');
UPDATE definition_versions SET definition = replace(definition, '"vinh-phuc-2008"', '"vinh-phuc-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"vinh-phuc-2008"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-phuc-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-phuc-2008 ', ' vinh-phuc-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-phuc-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-phuc-2008 ', ' vinh-phuc-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-2008 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'vinh-phuc-2008');
UPDATE definition_versions SET definition = replace(definition, '"yen-bai-1997"', '"yen-bai-2004"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"yen-bai-1997"%' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'yen-bai-1997');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' yen-bai-1997 ', ' yen-bai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% yen-bai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'yen-bai-1997');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' yen-bai-1997 ', ' yen-bai-2004 '))
WHERE ' ' || provinces || ' ' LIKE '% yen-bai-1997 %' AND EXISTS (SELECT 1 FROM renamed WHERE today = 'yen-bai-1997');

DELETE FROM provinces WHERE key IN (SELECT today FROM renamed) OR key IN (SELECT before FROM parted);
DROP TABLE parted;
DROP TABLE renamed;
