"""Every kind, in the order that breaks ties. Adding one is a file and a word here."""

from __future__ import annotations

from typing import Final

from supasync.catalog.kinds.access_method import AccessMethod
from supasync.catalog.kinds.aggregate import Aggregate
from supasync.catalog.kinds.base_type import BaseType
from supasync.catalog.kinds.bucket import Bucket
from supasync.catalog.kinds.cast import Cast
from supasync.catalog.kinds.collation import Collation
from supasync.catalog.kinds.column import Column
from supasync.catalog.kinds.composite import Composite
from supasync.catalog.kinds.constraint import Constraint
from supasync.catalog.kinds.conversion import Conversion
from supasync.catalog.kinds.cron_job import CronJob
from supasync.catalog.kinds.default import Default
from supasync.catalog.kinds.default_privilege import DefaultPrivilege
from supasync.catalog.kinds.domain import Domain
from supasync.catalog.kinds.enum import Enum
from supasync.catalog.kinds.event_trigger import EventTrigger
from supasync.catalog.kinds.extension import Extension
from supasync.catalog.kinds.extension_use import ExtensionUse
from supasync.catalog.kinds.family_function import FamilyFunction
from supasync.catalog.kinds.family_operator import FamilyOperator
from supasync.catalog.kinds.foreign_data_wrapper import ForeignDataWrapper
from supasync.catalog.kinds.foreign_server import ForeignServer
from supasync.catalog.kinds.function import Function
from supasync.catalog.kinds.index import Index
from supasync.catalog.kinds.index_attachment import IndexAttachment
from supasync.catalog.kinds.inheritance import Inheritance
from supasync.catalog.kinds.language import Language
from supasync.catalog.kinds.matview import MaterializedView
from supasync.catalog.kinds.membership import Membership
from supasync.catalog.kinds.migration import Migration
from supasync.catalog.kinds.operator import Operator
from supasync.catalog.kinds.operator_class import OperatorClass
from supasync.catalog.kinds.operator_family import OperatorFamily
from supasync.catalog.kinds.partition import Partition
from supasync.catalog.kinds.policy import Policy
from supasync.catalog.kinds.publication import Publication
from supasync.catalog.kinds.publication_schema import PublicationSchema
from supasync.catalog.kinds.publication_table import PublicationTable
from supasync.catalog.kinds.range import Range
from supasync.catalog.kinds.role import Role
from supasync.catalog.kinds.rule import Rule
from supasync.catalog.kinds.schema import Schema
from supasync.catalog.kinds.sequence import Sequence
from supasync.catalog.kinds.setting import Setting
from supasync.catalog.kinds.statistics import Statistics
from supasync.catalog.kinds.table import Table
from supasync.catalog.kinds.transform import Transform
from supasync.catalog.kinds.trigger import Trigger
from supasync.catalog.kinds.trigger_clone import TriggerClone
from supasync.catalog.kinds.ts_configuration import TextSearchConfiguration
from supasync.catalog.kinds.ts_dictionary import TextSearchDictionary
from supasync.catalog.kinds.ts_parser import TextSearchParser
from supasync.catalog.kinds.ts_template import TextSearchTemplate
from supasync.catalog.kinds.typed_table import TypedTable
from supasync.catalog.kinds.user_mapping import UserMapping
from supasync.catalog.kinds.view import View
from supasync.catalog.object import Object

KINDS: Final[tuple[type[Object], ...]] = (
    Schema,
    Extension,
    ExtensionUse,
    Collation,
    # no dependency is recorded of an expression on the casts, operators and classes it is read by
    Cast,
    Language,
    AccessMethod,
    Operator,
    OperatorFamily,
    OperatorClass,
    FamilyOperator,
    FamilyFunction,
    Transform,
    BaseType,
    Enum,
    Domain,
    Composite,
    Range,
    Table,
    Column,
    Sequence,
    Function,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    ForeignDataWrapper,
    ForeignServer,
    UserMapping,
    Aggregate,
    Conversion,
    Default,
    Constraint,
    Inheritance,
    TypedTable,
    Partition,
    View,
    MaterializedView,
    Index,
    IndexAttachment,
    Statistics,
    Rule,
    Policy,
    Trigger,
    TriggerClone,
    Publication,
    PublicationSchema,
    PublicationTable,
    EventTrigger,
    DefaultPrivilege,
    Bucket,
    CronJob,
    Migration,
    Role,
    Membership,
    Setting,
)

BY_NAME: Final = {kind.kind: kind for kind in KINDS}
RANK: Final = {kind.kind: rank for rank, kind in enumerate(KINDS)}
