from medskick.kernel.documents.models import Document, DocumentVersion, VersionEvent
from medskick.kernel.files.models import StoredFile
from medskick.kernel.log.models import LogEntry, LogSeal
from medskick.kernel.notifications.models import Notification, Subscription
from medskick.kernel.organisations.models import Network, NetworkMember, Organisation, Site, Unit
from medskick.kernel.people.models import (
    Employment,
    FailedTries,
    KeptForm,
    NetworkSeat,
    Person,
    PersonalNumber,
    Provider,
    ProviderSubject,
    RoleAssignment,
)
from medskick.kernel.records.models import (
    DiaryCounter,
    Item,
    Link,
    Record,
    Share,
    VoidedNumber,
)
from medskick.kernel.search.models import SearchEntry, SearchUnlearned, SearchWord
from medskick.kernel.sharing.models import Adoption, AdoptionDecision, Override
from medskick.kernel.tasks.models import Task

__all__ = [
    "Adoption",
    "AdoptionDecision",
    "Document",
    "DocumentVersion",
    "Override",
    "VersionEvent",
    "DiaryCounter",
    "Employment",
    "FailedTries",
    "Item",
    "KeptForm",
    "Link",
    "LogEntry",
    "LogSeal",
    "Network",
    "NetworkMember",
    "NetworkSeat",
    "Notification",
    "Organisation",
    "Person",
    "PersonalNumber",
    "Provider",
    "ProviderSubject",
    "Record",
    "RoleAssignment",
    "SearchEntry",
    "SearchUnlearned",
    "SearchWord",
    "Share",
    "Site",
    "StoredFile",
    "Subscription",
    "Task",
    "Unit",
    "VoidedNumber",
]
