"""Networks beside networkx: reciprocity, modularity, communities, assortativity; and an exported network, read by it."""

import json
import os
import random
import subprocess
import tempfile

import networkx as nx
import numpy

from peers import Count, ours

count = Count()
draw = random.Random(5)


def replies_of(graph):
    return [(a, b) for a, b in graph.edges()]


def random_replies(n_nodes, n_replies, n_camps):
    """Replies, most of them within a camp; some to oneself."""
    replies = []
    while len(replies) < n_replies:
        a, b = draw.randrange(n_nodes), draw.randrange(n_nodes)
        if a % n_camps == b % n_camps or draw.random() < 0.2:
            replies.append((a, b))
    return replies


def compare(what, n_nodes, replies):
    found = ours([("network", [3, n_nodes] + [end for reply in replies for end in reply])])[0]
    directed, both = nx.DiGraph(), nx.Graph()
    directed.add_nodes_from(range(n_nodes))
    both.add_nodes_from(range(n_nodes))
    for a, b in replies:
        if a == b:
            continue
        directed.add_edge(a, b, weight=directed.get_edge_data(a, b, {"weight": 0})["weight"] + 1)
        both.add_edge(a, b, weight=both.get_edge_data(a, b, {"weight": 0})["weight"] + 1)
    weights = nx.to_numpy_array(directed, nodelist=range(n_nodes))
    count.near(f"{what}: reciprocity", found[0], nx.overall_reciprocity(directed))
    count.near(f"{what}: returned", found[1], numpy.minimum(weights, weights.T).sum() / weights.sum())
    parts = {}
    for node, community in enumerate(found[3:]):
        parts.setdefault(community, set()).add(node)
    count.near(f"{what}: modularity", found[2], nx.community.modularity(both, parts.values()))
    # Both end in local optima, another for each order of the nodes.
    own = max(ours([("network", [seed, n_nodes] + [end for reply in replies for end in reply])])[0][2]
              for seed in range(1, 6))
    theirs = max(nx.community.modularity(both, nx.community.louvain_communities(both, seed=seed))
                 for seed in range(1, 6))
    count.true(own > theirs - 0.01, f"{what}: communities of {own}, by networkx {theirs}")


# Zachary's karate club, both ways; the best partition known has a modularity of .4198 without weights.
club = nx.karate_club_graph()
compare("karate club", 34, replies_of(club))
found = ours([("network", [1, 34] + [end for edge in club.edges() for end in edge])])[0]
count.true(0.41 <= found[2] <= 0.41981, f"karate club: {found[2]}")
for n_nodes, n_replies, n_camps in ((10, 40, 2), (60, 200, 4), (200, 1500, 5), (1500, 6000, 12)):
    compare(f"{n_replies} replies", n_nodes, random_replies(n_nodes, n_replies, n_camps))

# ---- assortativity: a label a node, pairs counted by reply ----
for n_labels in (2, 3, 5):
    replies = [(a, b) for a, b in random_replies(80, 600, n_labels) if a != b]
    labels = {node: node % n_labels if draw.random() < 0.7 else draw.randrange(n_labels) for node in range(80)}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(80))
    graph.add_edges_from(replies)
    nx.set_node_attributes(graph, labels, "camp")
    cells = numpy.zeros((n_labels, n_labels))
    for a, b in replies:
        cells[labels[b], labels[a]] += 1 / len(replies)
    found = ours([("mixing", [n_labels] + list(cells.flatten()))])[0]
    count.near(f"assortativity of {n_labels} labels", found[0], nx.attribute_assortativity_coefficient(graph, "camp"), 1e-9)
    camps = [{node for node in graph if labels[node] == camp} for camp in range(n_labels)]
    count.near(f"modularity of {n_labels} camps", found[1], nx.community.modularity(graph, camps), 1e-9)

# ---- an exported network ----
with tempfile.TemporaryDirectory() as place:
    people = ["Anna", "Bert", "Cleo", 'Dora "<&>" \u202e\u0007', "Émile 🙂"]
    replies, lines = [], []
    for i in range(120):
        line = {"id": f"c{i}", "text": draw.choice(["You are wrong about that.", "I agree with you.", "What do you mean?"]),
                "author": draw.choice(people)}
        if i % 12 == 0:
            line["article_text"] = f"The pool is to be open at night, says number {i}."
        else:
            answered = lines[draw.randrange(i - i % 12, i)]
            line["parent_id"] = answered["id"]
            replies.append((line["author"], answered["author"]))
        lines.append(line)
    with open(f"{place}/talk.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    retort = os.path.join(os.environ.get("RETORT_BUILD", "build"), "retort")
    for command in (["label", "-q", "--models", "models", "-d", f"{place}/x.db", f"{place}/talk.jsonl"],
                    ["export", "-d", f"{place}/x.db", "--format", "graphml", "-o", f"{place}/x.graphml"]):
        subprocess.run([retort, *command], check=True, stdout=subprocess.DEVNULL)
    graph = nx.read_graphml(f"{place}/x.graphml")
    ties = [(a, b) for a, b in replies if a != b]
    count.true(graph.is_directed() and graph.number_of_nodes() == len(people), f"read back: {graph}")
    count.true(graph.number_of_edges() == len(set(ties)), f"{graph.number_of_edges()} edges, not {len(set(ties))}")
    names = {node: told["name"].replace("\ufffd", "\u0007") for node, told in graph.nodes(data=True)}
    count.true(set(names.values()) == set(people), f"names: {names}")
    for a, b, told in graph.edges(data=True):
        n = ties.count((names[a], names[b]))
        count.true(told["n"] == n, f"{names[a]} to {names[b]}: {told['n']}, not {n}")
        stances = sum(value for key, value in told.items() if key.startswith("reply_"))
        count.near(f"{names[a]} to {names[b]}: labels", stances, n, 1e-3)
    for node, told in graph.nodes(data=True):
        n = sum(line["author"] == names[node] for line in lines)
        count.true(told["comments"] == n, f"{names[node]}: {told['comments']} comments, not {n}")

count.end()
