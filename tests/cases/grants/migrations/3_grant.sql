GRANT SELECT ON a TO case_app;
