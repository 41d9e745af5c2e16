"""Every route of Label Studio: from the schema that a server publishes, and from its own code."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx

from sikap.label_studio.server_environment import prepare, python, variables

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Route = tuple[str, str]
"""A method and a path with names in braces."""

# Asked of Django itself, so that pages and whatever the schema leaves out are there too.
LIST = """
import os, sys
import label_studio
sys.path.insert(0, os.path.dirname(label_studio.__file__))
os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings.label_studio"
import django
django.setup()
from django.urls import URLPattern, get_resolver

def walk(resolver, before=""):
    for part in resolver.url_patterns:
        path = before + str(part.pattern)
        if isinstance(part, URLPattern):
            print("route", path)
        else:
            walk(part, path)

walk(get_resolver())
"""


def published(url: str) -> list[Route]:
    """The routes of the OpenAPI schema of a server."""
    schema = httpx.get(f"{url}/docs/api/schema/json/", trust_env=False, timeout=60).json()
    return [
        (method.upper(), path)
        for path, operations in schema["paths"].items()
        for method in operations
        if method.upper() in METHODS
    ]


def coded(folder: Path) -> list[Route]:
    """The routes in the code of Label Studio: all methods of its API, GET of pages.

    ``folder`` is an empty one for the data that Django wants when it is set up.
    """
    program = [python(prepare()), "-c", LIST]
    environment = variables(folder)
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    paths = [line.removeprefix("route ") for line in done.stdout.splitlines() if "route " in line]
    return [
        (method, path)
        for path in dict.fromkeys(map(_plain, paths))
        for method in (METHODS if path.startswith("/api/") else METHODS[:1])
    ]


def _plain(pattern: str) -> str:
    """A pattern of Django as a path: names in braces, nothing of regular expressions."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"\(\?P<(\w+)>", r"(<\1>", pattern))
    path = re.sub(r"\(\{(\w+)\}(?:[^()]|\([^()]*\))*\)", r"{\1}", path)
    return "/" + re.sub(r"\.\{format\}", ".json", re.sub(r"/\?|[\^$\\?]", "", path))


def filled(path: str, ids: Mapping[str, object]) -> str:
    """The path with ids in it: ``ids`` says for the segment before a name what stands there."""
    segments = path.split("/")
    for place, segment in enumerate(segments):
        if segment.startswith("{"):
            segments[place] = re.sub(r"\{\w+\}", str(ids.get(segments[place - 1], 1)), segment)
    return "/".join(segments)


def together(published: Iterable[Route], coded: Iterable[Route]) -> list[Route]:
    """What is published, and of what is in the code the paths that are not."""
    first = list(published)
    known = {_unnamed(path) for _, path in first}
    return first + [route for route in coded if _unnamed(route[1]) not in known]


def _unnamed(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
