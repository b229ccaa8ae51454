"""What the project is made of: installed as the locks name it, and searched for vulnerabilities."""
