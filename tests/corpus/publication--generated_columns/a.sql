-- needs: 18
create publication p with (publish_generated_columns = stored);
create publication q;
create publication r with (publish_generated_columns = stored);
