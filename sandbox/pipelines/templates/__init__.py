"""From the entry file to the final pipeline: parameters, `${{ }}`, templates of every kind."""
