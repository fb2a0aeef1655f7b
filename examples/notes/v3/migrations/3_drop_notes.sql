DROP VIEW notes;
