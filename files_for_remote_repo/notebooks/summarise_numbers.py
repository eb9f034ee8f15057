# Databricks notebook source
# MAGIC %md
# MAGIC # Summarise numbers
# MAGIC A first notebook: reads the values of its environment from `environment_config.json` and says what it found.

# COMMAND ----------

import json
from pathlib import Path
from statistics import mean

dbutils.widgets.text("environment", "local")  # noqa: F821 - Databricks gives every notebook its dbutils
environment = dbutils.widgets.get("environment")  # noqa: F821

# COMMAND ----------


def environment_values(name: str) -> dict[str, str]:
    """The values of one environment, from the file beside the folder of this notebook."""
    text = Path("../environment_config.json").read_text(encoding="utf-8")
    return json.loads(text)[name]


values = environment_values(environment)
print(f"{environment} writes to the container {values['storage_container']}")

# COMMAND ----------

numbers = [3, 5, 8, 13]
summary = {"environment": environment, "count": len(numbers), "mean": mean(numbers)}
print(summary)

# COMMAND ----------

dbutils.notebook.exit(json.dumps(summary))  # noqa: F821
