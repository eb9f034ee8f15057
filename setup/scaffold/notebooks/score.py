# Databricks notebook source
# MAGIC %md
# MAGIC # Score
# MAGIC Tells which of today's customers are about to leave, with the model that `train` keeps at `model_file`.

# COMMAND ----------

import json

from source.churn_model import ChurnModel
from source.customers import sample_customers

PRODUCT = "{{product}}"
dbutils.widgets.text("model_file", f"dbfs:/tmp/{PRODUCT}/churn_model.json")
model_file = dbutils.widgets.get("model_file")

# COMMAND ----------

model = ChurnModel.from_json(dbutils.fs.head(model_file))
customers = sample_customers(50, seed=2)
risks = [model.score(customer.features) for customer in customers]

# COMMAND ----------

at_risk = sum(risk >= 0.5 for risk in risks)
summary = {"customers": len(customers), "at_risk": at_risk}
print(summary)

# COMMAND ----------

dbutils.notebook.exit(json.dumps(summary))
