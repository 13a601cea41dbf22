"""What both HTTP planes share: the guard before them and the one error envelope."""
