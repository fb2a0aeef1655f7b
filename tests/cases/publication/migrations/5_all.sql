DROP PUBLICATION case_changes; CREATE PUBLICATION case_all FOR ALL TABLES WITH (publish = 'update');
