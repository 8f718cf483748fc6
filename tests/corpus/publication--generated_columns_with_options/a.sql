-- needs: 18
create publication p with (publish = 'insert', publish_via_partition_root = true, publish_generated_columns = stored);
