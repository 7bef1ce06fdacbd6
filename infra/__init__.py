"""What runs, seeds and deploys the product."""
