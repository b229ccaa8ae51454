"""How a bench is shown: the page, its drawings, their colours and scales."""
