from medskick.services.cases.models import Case, CaseAnswer, CaseNote, CaseStep, CaseTally

__all__ = ["Case", "CaseAnswer", "CaseNote", "CaseStep", "CaseTally"]
