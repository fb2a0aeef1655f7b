ALTER TABLE child RENAME TO children;
