"""The views of people, by what they are about: logging_in, sign_ins, employees, employee_file, providers."""
