"""What runs inside a notebook's own process. Nothing here knows the workspace's state: it asks over a socket."""
