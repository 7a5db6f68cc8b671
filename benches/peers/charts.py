"""Draws the results: each workload's ratios to hand-tuned Diesel, and the scale."""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

RESULTS = Path(sys.argv[1])
BASE = "tuned"
OURS = "ours"
COLORS = {OURS: "#c2410c", BASE: "#1f2937"}
GREYS = ["#4b5563", "#6b7280", "#9ca3af", "#b8bec8", "#cbd5e1", "#dbe2ea", "#e8edf2"]


def rows(name):
    file = RESULTS / f"{name}.csv"
    if not file.exists():
        return []
    with file.open() as lines:
        return list(csv.DictReader(lines))


def save(figure, name):
    for kind in ("svg", "png"):
        figure.savefig(RESULTS / f"{name}.{kind}", dpi=120, metadata={"Date": None} if kind == "svg" else None)
    plt.close(figure)


def ratios(name, title):
    found = rows(name)
    if not found:
        return
    workloads = list(dict.fromkeys((row["workload"], row["title"]) for row in found))
    peers = list(dict.fromkeys((row["peer"], row["name"]) for row in found))
    seconds = {(row["workload"], row["peer"]): float(row["seconds"]) for row in found if row["seconds"]}
    others = [peer for peer, _ in peers if peer not in COLORS]
    color = {**dict(zip(others, GREYS)), **COLORS}
    figure, axes = plt.subplots(2, 4, figsize=(16, 6.6), constrained_layout=True)
    for axis in axes.flat[len(workloads) :]:
        axis.axis("off")
    for axis, (workload, label) in zip(axes.flat, workloads):
        base = seconds[workload, BASE]
        for place, (peer, text) in enumerate(reversed(peers)):
            time = seconds.get((workload, peer))
            if time is None:
                axis.text(0.22, place, "fails", va="center", fontsize=8, color="#6b7280")
                continue
            axis.barh(place, time / base - 0.2, left=0.2, color=color[peer])
            ratio = time / base
            text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
            axis.text(ratio * 1.08, place, text, va="center", fontsize=8)
        axis.set_yticks(range(len(peers)), [text for _, text in reversed(peers)], fontsize=8)
        axis.set_xscale("log")
        axis.set_xlim(0.2, 1000)
        axis.set_ylim(-0.6, len(peers) - 0.4)
        axis.xaxis.set_major_formatter("{x:g}")
        axis.axvline(1, color=COLORS[BASE], linewidth=0.8)
        axis.set_title(label, fontsize=10, loc="left")
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    save(figure, f"peers-{name}")


def scale():
    found = rows("scale")
    if not found:
        return
    figure, (times, memory) = plt.subplots(1, 2, figsize=(12, 4.6), constrained_layout=True)
    names = {"ours": "associations", "tuned": "Diesel, tuned by hand", "rusqlite": "rusqlite", "sea-orm-sync": "SeaORM 2, sync"}
    markers = dict(zip(names, "osD^"))
    for peer in dict.fromkeys(row["peer"] for row in found):
        mine = [row for row in found if row["peer"] == peer and row["seconds"]]
        at = [float(row["scale"]) for row in mine]
        color = COLORS.get(peer, GREYS[1] if peer == "rusqlite" else GREYS[2])
        for axis, column, unit in ((times, "seconds", 1), (memory, "kilobytes", 1024)):
            axis.plot(at, [float(row[column]) / unit for row in mine], marker=markers[peer], color=color, label=names[peer])
        failed = [float(row["scale"]) for row in found if row["peer"] == peer and not row["seconds"]]
        if mine and failed:
            times.annotate("too many SQL variables", (at[-1], float(mine[-1]["seconds"])), fontsize=8, color=color,
                           xytext=(8, -14 if peer == "tuned" else 6), textcoords="offset points")
    for axis, label in ((times, "seconds"), (memory, "peak of memory, MiB")):
        axis.set_xscale("log", base=2)
        axis.set_yscale("log")
        axis.set_xticks([1, 4, 16, 64], ["10,000", "40,000", "160,000", "640,000"])
        axis.set_xlabel("people")
        axis.set_title(label, fontsize=10, loc="left")
        axis.grid(alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    times.legend(fontsize=8)
    figure.suptitle("People with license, city, toots and liked toots, on SQLite", fontsize=12, x=0.01, ha="left")
    save(figure, "scale")


ratios("sqlite", "SQLite: time of each workload, as a ratio to Diesel tuned by hand (logarithmic; less is better)")
ratios("postgres", "PostgreSQL: time of each workload, as a ratio to Diesel tuned by hand (logarithmic; less is better)")
scale()
