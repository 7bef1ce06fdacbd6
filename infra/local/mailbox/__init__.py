"""A mailbox for everybody: takes every mail, passes none on, and shows them all."""
