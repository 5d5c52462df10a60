"""Agreement reports that can be cited: gathering, freezing and verifying them."""
