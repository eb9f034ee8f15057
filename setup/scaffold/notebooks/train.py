# Databricks notebook source
# MAGIC %md
# MAGIC # Train
# MAGIC Learns from past customers who is about to leave, and keeps the model at `model_file`.

# COMMAND ----------

import json

from source.churn_model import train
from source.customers import sample_customers

PRODUCT = "{{product}}"
dbutils.widgets.text("model_file", f"dbfs:/tmp/{PRODUCT}/churn_model.json")
model_file = dbutils.widgets.get("model_file")

# COMMAND ----------

customers = sample_customers(400)
rows = [customer.features for customer in customers]
labels = [customer.left for customer in customers]
model = train(rows, labels)

# COMMAND ----------

dbutils.fs.put(model_file, model.to_json(), True)
summary = {"model_file": model_file, "customers": len(customers), "accuracy": round(model.accuracy(rows, labels), 3)}
print(summary)

# COMMAND ----------

dbutils.notebook.exit(json.dumps(summary))
