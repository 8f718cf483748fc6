-- needs: 18
create publication p with (publish = 'insert', publish_generated_columns = none);
