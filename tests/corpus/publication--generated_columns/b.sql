-- needs: 18
create publication p;
create publication q with (publish_generated_columns = stored);
create publication r with (publish_generated_columns = stored, publish = 'insert');
