"""What a package costs on a board: instructions, layer by layer, flash, RAM, time to compile."""
