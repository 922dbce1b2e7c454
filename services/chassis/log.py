"""Logs as JSON events on standard output, with the ids bound at the edge."""

import logging
import sys

import structlog


def without_data(error: BaseException) -> str:
    """What went wrong, without PostgreSQL's DETAIL line, which quotes rows: names, health."""
    message = getattr(error, "message", None) if hasattr(error, "sqlstate") else str(error)
    return f"{type(error).__name__}: {message or ''}"


def _forget_row_data(
    _logger: structlog.typing.WrappedLogger, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The same for tracebacks, through every cause of the error."""
    error = event.get("exc_info")
    error = sys.exc_info()[1] if error is True else error
    while isinstance(error, BaseException):
        if hasattr(error, "sqlstate"):
            error.detail = None  # type: ignore[attr-defined]
        error = error.__cause__ or error.__context__
    return event


def configure(service: str, level: str) -> None:
    """Send structlog and the libraries' own logging to one JSON line an event."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _forget_row_data,
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # While the bus is away the client repeats itself twenty times a second;
    # the relay and the readiness check say it once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    logging.getLogger("faststream").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
