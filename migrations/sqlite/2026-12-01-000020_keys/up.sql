-- Keys name the first year of a unit: `bac-giang-1997` for what was `bac-giang-2004`. Hà Nội, Vĩnh Phúc and Hòa Bình have had another
-- territory since 1 August 2008, so their old keys become two: figures and targets of earlier periods go to the unit of 1997.
-- Submissions keep the keys that were sent, and the audit log the keys of its time: both are read as before.

CREATE TABLE renamed (former TEXT PRIMARY KEY NOT NULL, today TEXT NOT NULL);
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
DELETE FROM renamed WHERE former NOT IN (SELECT key FROM provinces) OR today IN (SELECT key FROM provinces);

CREATE TABLE parted (before TEXT PRIMARY KEY NOT NULL, since TEXT NOT NULL);
INSERT INTO parted (before, since)
SELECT replace(today, '-2008', '-1997'), today FROM renamed WHERE today LIKE '%-2008';
DELETE FROM parted WHERE before IN (SELECT key FROM provinces);

INSERT INTO provinces (key) SELECT today FROM renamed;
INSERT INTO provinces (key) SELECT before FROM parted;

UPDATE series SET province = (SELECT today FROM renamed WHERE former = province) WHERE province IN (SELECT former FROM renamed);
UPDATE definition_versions SET code = (SELECT today FROM renamed WHERE former = code)
WHERE kind = 'province' AND code IN (SELECT former FROM renamed);
UPDATE definition_versions SET province = (SELECT today FROM renamed WHERE former = province)
WHERE province IN (SELECT former FROM renamed);

-- Keys within definitions and lists.
UPDATE definition_versions SET definition = replace(definition, '"an-giang-2004"', '"an-giang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"an-giang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'an-giang-2004');
UPDATE definition_versions SET definition = replace(definition, '"ba-ria-vung-tau-2004"', '"ba-ria-vung-tau-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ba-ria-vung-tau-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ba-ria-vung-tau-2004');
UPDATE definition_versions SET definition = replace(definition, '"bac-giang-2004"', '"bac-giang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-giang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-giang-2004');
UPDATE definition_versions SET definition = replace(definition, '"bac-kan-2004"', '"bac-kan-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-kan-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-kan-2004');
UPDATE definition_versions SET definition = replace(definition, '"bac-lieu-2004"', '"bac-lieu-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-lieu-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-lieu-2004');
UPDATE definition_versions SET definition = replace(definition, '"bac-ninh-2004"', '"bac-ninh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"bac-ninh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-ninh-2004');
UPDATE definition_versions SET definition = replace(definition, '"ben-tre-2004"', '"ben-tre-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ben-tre-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ben-tre-2004');
UPDATE definition_versions SET definition = replace(definition, '"binh-dinh-2004"', '"binh-dinh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-dinh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-dinh-2004');
UPDATE definition_versions SET definition = replace(definition, '"binh-duong-2004"', '"binh-duong-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-duong-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-duong-2004');
UPDATE definition_versions SET definition = replace(definition, '"binh-phuoc-2004"', '"binh-phuoc-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-phuoc-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-phuoc-2004');
UPDATE definition_versions SET definition = replace(definition, '"binh-thuan-2004"', '"binh-thuan-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"binh-thuan-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-thuan-2004');
UPDATE definition_versions SET definition = replace(definition, '"ca-mau-2004"', '"ca-mau-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ca-mau-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ca-mau-2004');
UPDATE definition_versions SET definition = replace(definition, '"cao-bang-2004"', '"cao-bang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"cao-bang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'cao-bang-2004');
UPDATE definition_versions SET definition = replace(definition, '"da-nang-2004"', '"da-nang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"da-nang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'da-nang-2004');
UPDATE definition_versions SET definition = replace(definition, '"dong-nai-2004"', '"dong-nai-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"dong-nai-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-nai-2004');
UPDATE definition_versions SET definition = replace(definition, '"dong-thap-2004"', '"dong-thap-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"dong-thap-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-thap-2004');
UPDATE definition_versions SET definition = replace(definition, '"gia-lai-2004"', '"gia-lai-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"gia-lai-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'gia-lai-2004');
UPDATE definition_versions SET definition = replace(definition, '"ha-giang-2004"', '"ha-giang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-giang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-giang-2004');
UPDATE definition_versions SET definition = replace(definition, '"ha-nam-2004"', '"ha-nam-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-nam-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-nam-2004');
UPDATE definition_versions SET definition = replace(definition, '"ha-noi-2004"', '"ha-noi-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-noi-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-noi-2004');
UPDATE definition_versions SET definition = replace(definition, '"ha-tinh-2004"', '"ha-tinh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ha-tinh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-tinh-2004');
UPDATE definition_versions SET definition = replace(definition, '"hai-duong-2004"', '"hai-duong-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hai-duong-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-duong-2004');
UPDATE definition_versions SET definition = replace(definition, '"hai-phong-2004"', '"hai-phong-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hai-phong-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-phong-2004');
UPDATE definition_versions SET definition = replace(definition, '"ho-chi-minh-2004"', '"ho-chi-minh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ho-chi-minh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ho-chi-minh-2004');
UPDATE definition_versions SET definition = replace(definition, '"hoa-binh-2004"', '"hoa-binh-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hoa-binh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hoa-binh-2004');
UPDATE definition_versions SET definition = replace(definition, '"hung-yen-2004"', '"hung-yen-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"hung-yen-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hung-yen-2004');
UPDATE definition_versions SET definition = replace(definition, '"khanh-hoa-2004"', '"khanh-hoa-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"khanh-hoa-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'khanh-hoa-2004');
UPDATE definition_versions SET definition = replace(definition, '"kien-giang-2004"', '"kien-giang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"kien-giang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kien-giang-2004');
UPDATE definition_versions SET definition = replace(definition, '"kon-tum-2004"', '"kon-tum-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"kon-tum-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kon-tum-2004');
UPDATE definition_versions SET definition = replace(definition, '"lam-dong-2004"', '"lam-dong-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"lam-dong-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lam-dong-2004');
UPDATE definition_versions SET definition = replace(definition, '"lang-son-2004"', '"lang-son-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"lang-son-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lang-son-2004');
UPDATE definition_versions SET definition = replace(definition, '"long-an-2004"', '"long-an-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"long-an-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'long-an-2004');
UPDATE definition_versions SET definition = replace(definition, '"nam-dinh-2004"', '"nam-dinh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"nam-dinh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nam-dinh-2004');
UPDATE definition_versions SET definition = replace(definition, '"nghe-an-2004"', '"nghe-an-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"nghe-an-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nghe-an-2004');
UPDATE definition_versions SET definition = replace(definition, '"ninh-binh-2004"', '"ninh-binh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ninh-binh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-binh-2004');
UPDATE definition_versions SET definition = replace(definition, '"ninh-thuan-2004"', '"ninh-thuan-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"ninh-thuan-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-thuan-2004');
UPDATE definition_versions SET definition = replace(definition, '"phu-tho-2004"', '"phu-tho-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"phu-tho-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-tho-2004');
UPDATE definition_versions SET definition = replace(definition, '"phu-yen-2004"', '"phu-yen-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"phu-yen-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-yen-2004');
UPDATE definition_versions SET definition = replace(definition, '"quang-binh-2004"', '"quang-binh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-binh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-binh-2004');
UPDATE definition_versions SET definition = replace(definition, '"quang-nam-2004"', '"quang-nam-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-nam-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-nam-2004');
UPDATE definition_versions SET definition = replace(definition, '"quang-ngai-2004"', '"quang-ngai-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-ngai-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ngai-2004');
UPDATE definition_versions SET definition = replace(definition, '"quang-ninh-2004"', '"quang-ninh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-ninh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ninh-2004');
UPDATE definition_versions SET definition = replace(definition, '"quang-tri-2004"', '"quang-tri-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"quang-tri-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-tri-2004');
UPDATE definition_versions SET definition = replace(definition, '"soc-trang-2004"', '"soc-trang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"soc-trang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'soc-trang-2004');
UPDATE definition_versions SET definition = replace(definition, '"son-la-2004"', '"son-la-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"son-la-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'son-la-2004');
UPDATE definition_versions SET definition = replace(definition, '"tay-ninh-2004"', '"tay-ninh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tay-ninh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tay-ninh-2004');
UPDATE definition_versions SET definition = replace(definition, '"thai-binh-2004"', '"thai-binh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thai-binh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-binh-2004');
UPDATE definition_versions SET definition = replace(definition, '"thai-nguyen-2004"', '"thai-nguyen-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thai-nguyen-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-nguyen-2004');
UPDATE definition_versions SET definition = replace(definition, '"thanh-hoa-2004"', '"thanh-hoa-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thanh-hoa-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thanh-hoa-2004');
UPDATE definition_versions SET definition = replace(definition, '"thua-thien-hue-2004"', '"thua-thien-hue-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"thua-thien-hue-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thua-thien-hue-2004');
UPDATE definition_versions SET definition = replace(definition, '"tien-giang-2004"', '"tien-giang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tien-giang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tien-giang-2004');
UPDATE definition_versions SET definition = replace(definition, '"tra-vinh-2004"', '"tra-vinh-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tra-vinh-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tra-vinh-2004');
UPDATE definition_versions SET definition = replace(definition, '"tuyen-quang-2004"', '"tuyen-quang-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"tuyen-quang-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tuyen-quang-2004');
UPDATE definition_versions SET definition = replace(definition, '"vinh-long-2004"', '"vinh-long-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"vinh-long-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'vinh-long-2004');
UPDATE definition_versions SET definition = replace(definition, '"vinh-phuc-2004"', '"vinh-phuc-2008"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"vinh-phuc-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'vinh-phuc-2004');
UPDATE definition_versions SET definition = replace(definition, '"yen-bai-2004"', '"yen-bai-1997"')
WHERE kind IN ('province', 'obligation') AND definition LIKE '%"yen-bai-2004"%' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'yen-bai-2004');

UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' an-giang-2004 ', ' an-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% an-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'an-giang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' an-giang-2004 ', ' an-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% an-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'an-giang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ba-ria-vung-tau-2004 ', ' ba-ria-vung-tau-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ba-ria-vung-tau-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ba-ria-vung-tau-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ba-ria-vung-tau-2004 ', ' ba-ria-vung-tau-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ba-ria-vung-tau-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ba-ria-vung-tau-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-giang-2004 ', ' bac-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-giang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-giang-2004 ', ' bac-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-giang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-kan-2004 ', ' bac-kan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-kan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-kan-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-kan-2004 ', ' bac-kan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-kan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-kan-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-lieu-2004 ', ' bac-lieu-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-lieu-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-lieu-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-lieu-2004 ', ' bac-lieu-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-lieu-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-lieu-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' bac-ninh-2004 ', ' bac-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-ninh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' bac-ninh-2004 ', ' bac-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% bac-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'bac-ninh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ben-tre-2004 ', ' ben-tre-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ben-tre-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ben-tre-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ben-tre-2004 ', ' ben-tre-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ben-tre-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ben-tre-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-dinh-2004 ', ' binh-dinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-dinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-dinh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-dinh-2004 ', ' binh-dinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-dinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-dinh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-duong-2004 ', ' binh-duong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-duong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-duong-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-duong-2004 ', ' binh-duong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-duong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-duong-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-phuoc-2004 ', ' binh-phuoc-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-phuoc-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-phuoc-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-phuoc-2004 ', ' binh-phuoc-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-phuoc-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-phuoc-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' binh-thuan-2004 ', ' binh-thuan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-thuan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-thuan-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' binh-thuan-2004 ', ' binh-thuan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% binh-thuan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'binh-thuan-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ca-mau-2004 ', ' ca-mau-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ca-mau-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ca-mau-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ca-mau-2004 ', ' ca-mau-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ca-mau-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ca-mau-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' cao-bang-2004 ', ' cao-bang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% cao-bang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'cao-bang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' cao-bang-2004 ', ' cao-bang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% cao-bang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'cao-bang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' da-nang-2004 ', ' da-nang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% da-nang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'da-nang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' da-nang-2004 ', ' da-nang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% da-nang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'da-nang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' dong-nai-2004 ', ' dong-nai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-nai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-nai-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' dong-nai-2004 ', ' dong-nai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-nai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-nai-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' dong-thap-2004 ', ' dong-thap-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-thap-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-thap-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' dong-thap-2004 ', ' dong-thap-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% dong-thap-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'dong-thap-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' gia-lai-2004 ', ' gia-lai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% gia-lai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'gia-lai-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' gia-lai-2004 ', ' gia-lai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% gia-lai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'gia-lai-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-giang-2004 ', ' ha-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-giang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-giang-2004 ', ' ha-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-giang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-nam-2004 ', ' ha-nam-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-nam-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-nam-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-nam-2004 ', ' ha-nam-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-nam-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-nam-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-noi-2004 ', ' ha-noi-1997 ha-noi-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'ha-noi-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-noi-2004 ', CASE
    WHEN last_on < '2008-08-01' THEN ' ha-noi-1997 ' WHEN first_on >= '2008-08-01' THEN ' ha-noi-2008 ' ELSE ' ha-noi-1997 ha-noi-2008 ' END))
WHERE ' ' || provinces || ' ' LIKE '% ha-noi-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'ha-noi-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ha-tinh-2004 ', ' ha-tinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-tinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-tinh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ha-tinh-2004 ', ' ha-tinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ha-tinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ha-tinh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hai-duong-2004 ', ' hai-duong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-duong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-duong-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hai-duong-2004 ', ' hai-duong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-duong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-duong-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hai-phong-2004 ', ' hai-phong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-phong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-phong-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hai-phong-2004 ', ' hai-phong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hai-phong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hai-phong-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ho-chi-minh-2004 ', ' ho-chi-minh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ho-chi-minh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ho-chi-minh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ho-chi-minh-2004 ', ' ho-chi-minh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ho-chi-minh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ho-chi-minh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hoa-binh-2004 ', ' hoa-binh-1997 hoa-binh-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'hoa-binh-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hoa-binh-2004 ', CASE
    WHEN last_on < '2008-08-01' THEN ' hoa-binh-1997 ' WHEN first_on >= '2008-08-01' THEN ' hoa-binh-2008 ' ELSE ' hoa-binh-1997 hoa-binh-2008 ' END))
WHERE ' ' || provinces || ' ' LIKE '% hoa-binh-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'hoa-binh-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' hung-yen-2004 ', ' hung-yen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hung-yen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hung-yen-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' hung-yen-2004 ', ' hung-yen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% hung-yen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'hung-yen-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' khanh-hoa-2004 ', ' khanh-hoa-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% khanh-hoa-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'khanh-hoa-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' khanh-hoa-2004 ', ' khanh-hoa-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% khanh-hoa-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'khanh-hoa-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' kien-giang-2004 ', ' kien-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% kien-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kien-giang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' kien-giang-2004 ', ' kien-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% kien-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kien-giang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' kon-tum-2004 ', ' kon-tum-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% kon-tum-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kon-tum-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' kon-tum-2004 ', ' kon-tum-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% kon-tum-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'kon-tum-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' lam-dong-2004 ', ' lam-dong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% lam-dong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lam-dong-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' lam-dong-2004 ', ' lam-dong-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% lam-dong-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lam-dong-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' lang-son-2004 ', ' lang-son-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% lang-son-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lang-son-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' lang-son-2004 ', ' lang-son-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% lang-son-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'lang-son-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' long-an-2004 ', ' long-an-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% long-an-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'long-an-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' long-an-2004 ', ' long-an-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% long-an-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'long-an-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' nam-dinh-2004 ', ' nam-dinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% nam-dinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nam-dinh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' nam-dinh-2004 ', ' nam-dinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% nam-dinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nam-dinh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' nghe-an-2004 ', ' nghe-an-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% nghe-an-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nghe-an-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' nghe-an-2004 ', ' nghe-an-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% nghe-an-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'nghe-an-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-binh-2004 ', ' ninh-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-binh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-binh-2004 ', ' ninh-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-binh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-thuan-2004 ', ' ninh-thuan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-thuan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-thuan-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' ninh-thuan-2004 ', ' ninh-thuan-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% ninh-thuan-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'ninh-thuan-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' phu-tho-2004 ', ' phu-tho-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-tho-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-tho-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' phu-tho-2004 ', ' phu-tho-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-tho-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-tho-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' phu-yen-2004 ', ' phu-yen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-yen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-yen-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' phu-yen-2004 ', ' phu-yen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% phu-yen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'phu-yen-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-binh-2004 ', ' quang-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-binh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-binh-2004 ', ' quang-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-binh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-nam-2004 ', ' quang-nam-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-nam-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-nam-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-nam-2004 ', ' quang-nam-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-nam-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-nam-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ngai-2004 ', ' quang-ngai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ngai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ngai-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ngai-2004 ', ' quang-ngai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ngai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ngai-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ninh-2004 ', ' quang-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ninh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-ninh-2004 ', ' quang-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-ninh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' quang-tri-2004 ', ' quang-tri-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-tri-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-tri-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' quang-tri-2004 ', ' quang-tri-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% quang-tri-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'quang-tri-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' soc-trang-2004 ', ' soc-trang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% soc-trang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'soc-trang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' soc-trang-2004 ', ' soc-trang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% soc-trang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'soc-trang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' son-la-2004 ', ' son-la-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% son-la-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'son-la-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' son-la-2004 ', ' son-la-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% son-la-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'son-la-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tay-ninh-2004 ', ' tay-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tay-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tay-ninh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tay-ninh-2004 ', ' tay-ninh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tay-ninh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tay-ninh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thai-binh-2004 ', ' thai-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-binh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thai-binh-2004 ', ' thai-binh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-binh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-binh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thai-nguyen-2004 ', ' thai-nguyen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-nguyen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-nguyen-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thai-nguyen-2004 ', ' thai-nguyen-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thai-nguyen-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thai-nguyen-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thanh-hoa-2004 ', ' thanh-hoa-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thanh-hoa-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thanh-hoa-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thanh-hoa-2004 ', ' thanh-hoa-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thanh-hoa-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thanh-hoa-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' thua-thien-hue-2004 ', ' thua-thien-hue-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thua-thien-hue-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thua-thien-hue-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' thua-thien-hue-2004 ', ' thua-thien-hue-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% thua-thien-hue-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'thua-thien-hue-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tien-giang-2004 ', ' tien-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tien-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tien-giang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tien-giang-2004 ', ' tien-giang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tien-giang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tien-giang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tra-vinh-2004 ', ' tra-vinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tra-vinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tra-vinh-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tra-vinh-2004 ', ' tra-vinh-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tra-vinh-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tra-vinh-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' tuyen-quang-2004 ', ' tuyen-quang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tuyen-quang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tuyen-quang-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' tuyen-quang-2004 ', ' tuyen-quang-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% tuyen-quang-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'tuyen-quang-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-long-2004 ', ' vinh-long-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-long-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'vinh-long-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-long-2004 ', ' vinh-long-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-long-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'vinh-long-2004');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-phuc-2004 ', ' vinh-phuc-1997 vinh-phuc-2008 '))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'vinh-phuc-2008');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' vinh-phuc-2004 ', CASE
    WHEN last_on < '2008-08-01' THEN ' vinh-phuc-1997 ' WHEN first_on >= '2008-08-01' THEN ' vinh-phuc-2008 ' ELSE ' vinh-phuc-1997 vinh-phuc-2008 ' END))
WHERE ' ' || provinces || ' ' LIKE '% vinh-phuc-2004 %' AND EXISTS (SELECT 1 FROM parted WHERE since = 'vinh-phuc-2008');
UPDATE clients SET provinces = trim(replace(' ' || provinces || ' ', ' yen-bai-2004 ', ' yen-bai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% yen-bai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'yen-bai-2004');
UPDATE submissions SET provinces = trim(replace(' ' || provinces || ' ', ' yen-bai-2004 ', ' yen-bai-1997 '))
WHERE ' ' || provinces || ' ' LIKE '% yen-bai-2004 %' AND EXISTS (SELECT 1 FROM renamed WHERE former = 'yen-bai-2004');

-- The units of before 1 August 2008, known as long as those since: what was said of one was said of both.
INSERT INTO definition_versions (kind, code, version, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by)
SELECT kind, before, version, replace(definition, '"' || since || '"', '"' || before || '"'), source_title, source_number, source_date, reason,
    recorded_at, recorded_by
FROM definition_versions JOIN parted ON since = code WHERE kind = 'province' AND version = 1
ORDER BY id;
UPDATE definition_versions
SET definition = replace(replace(definition, '2004-07-08', '2008-08-01'), '[]', '["' || (SELECT before FROM parted WHERE since = code) || '"]')
WHERE kind = 'province' AND code IN (SELECT since FROM parted);

INSERT INTO series (province, indicator, breakdown)
SELECT before, indicator, breakdown FROM series JOIN parted ON since = province
WHERE id IN (SELECT series_id FROM observations WHERE end_on < '2008-08-01')
    OR id IN (SELECT series_id FROM targets WHERE end_on < '2008-08-01');
UPDATE observations SET series_id = (
    SELECT earlier.id FROM series AS later
    JOIN parted ON since = later.province
    JOIN series AS earlier ON earlier.province = before AND earlier.indicator = later.indicator AND earlier.breakdown = later.breakdown
    WHERE later.id = observations.series_id
)
WHERE end_on < '2008-08-01' AND series_id IN (SELECT id FROM series JOIN parted ON since = province);
UPDATE targets SET series_id = (
    SELECT earlier.id FROM series AS later
    JOIN parted ON since = later.province
    JOIN series AS earlier ON earlier.province = before AND earlier.indicator = later.indicator AND earlier.breakdown = later.breakdown
    WHERE later.id = targets.series_id
)
WHERE end_on < '2008-08-01' AND series_id IN (SELECT id FROM series JOIN parted ON since = province);

DELETE FROM provinces WHERE key IN (SELECT former FROM renamed);
DROP TABLE parted;
DROP TABLE renamed;
