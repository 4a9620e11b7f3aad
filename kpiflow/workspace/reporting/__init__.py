"""What people say of their goals: check-ins with evidence, questions and answers, silence, and the staff desk."""
