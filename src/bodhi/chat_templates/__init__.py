"""Which chat template an alias uses, and its text. Nothing here renders one."""
