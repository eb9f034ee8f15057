"""What the deployed job runs, and `dbx execute` on a cluster."""
import sys

sys.stdout.write(f"trained with {sys.argv[1:]}\n")
