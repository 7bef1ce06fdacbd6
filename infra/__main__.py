"""`python -m infra`: stage, plan, apply, verify and take back a deployment."""

from infra.deploy.commands import app

if __name__ == "__main__":
    app(prog_name="python -m infra")
