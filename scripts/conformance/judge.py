#!/usr/bin/env python3
"""Asks pandas for the verdict of rules, so that the engine's can be compared with it.

    python3 scripts/conformance/judge.py <schema.json> <data folder> < rules.jsonl > judged.jsonl

Each line in: {id, level, catalog?, field?, rule}. Each line out: the same with `failing` (records, 1-based) or `ok`, or `error` when
pandas refuses the rule. Frames are typed as SAGE_YAML.md says; what that page adds to pandas (`and`, `or`, `not` and chained
comparisons element by element, `~` of a null test is true) is put in by rewriting the tree. Only for our own rules: it evaluates.
"""
import ast
import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings('ignore')
schema_file, folder = sys.argv[1:3]
TRUE = {'true', '1', 'verdadero', 'sí', 'si'}


def load(catalog, types):
    frame = pd.read_csv(f'{folder}/{catalog}.csv', dtype=str, keep_default_na=False, na_values=[''])
    for name, kind in types.items():
        if kind == 'entero':
            whole = pd.to_numeric(frame[name])
            frame[name] = whole if whole.isna().any() else whole.astype('int64')
        elif kind == 'decimal':
            frame[name] = pd.to_numeric(frame[name])
        elif kind == 'fecha':
            frame[name] = pd.to_datetime(frame[name])
        elif kind == 'booleano':
            values = frame[name].map(lambda cell: cell.lower() in TRUE, na_action='ignore')
            frame[name] = values if values.isna().any() else values.astype(bool)
    return frame


many = (pd.Series, pd.DataFrame, pd.Index, np.ndarray)


def truth(value):
    return value.fillna(False).astype(bool) if isinstance(value, pd.Series) and value.dtype == object else value


def both(op, left, right):
    if isinstance(left, many) or isinstance(right(), many):
        other = truth(right())
        return truth(left) & other if op == 'and' else truth(left) | other
    return (left and right()) if op == 'and' else (left or right())


def negated(value):
    return ~truth(value) if isinstance(value, many) else not value


class Lenient(ast.NodeTransformer):
    """`and`, `or`, `not` and chained comparisons that also work on columns."""

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        out = node.values[0]
        for value in node.values[1:]:
            out = self.joined('and' if isinstance(node.op, ast.And) else 'or', out, value)
        return out

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Not, ast.Invert)):
            return ast.Call(ast.Name('__negated', ast.Load()), [node.operand], [])
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1:
            return node
        out, left = None, node.left
        for op, right in zip(node.ops, node.comparators):
            one = ast.Compare(left, [op], [right])
            out = one if out is None else self.joined('and', out, one)
            left = right
        return out

    @staticmethod
    def joined(op, left, right):
        later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), right)
        return ast.Call(ast.Name('__both', ast.Load()), [ast.Constant(op), left, later], [])


frames = {name: load(name, types) for name, types in json.load(open(schema_file)).items()}


def evaluate(rule, df):
    tree = ast.fix_missing_locations(Lenient().visit(ast.parse(rule.strip(), mode='eval')))
    names = {'df': df, 'pd': pd, 'np': np, '__both': both, '__negated': negated}
    return eval(compile(tree, '<rule>', 'eval'), names)


def judge(rule):
    level = rule['level']
    if level == 'package':
        df = {name: frame.copy() for name, frame in frames.items()}
    else:
        df = frames[rule['catalog']].copy()
        if level == 'field':
            df = df[df[rule['field']].notna()]
    value = evaluate(rule['rule'], df)
    if isinstance(value, pd.DataFrame):
        raise TypeError('a table is not a verdict')
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = pd.Series(value, index=df.index)
    if isinstance(value, pd.Series):
        passes = value.fillna(False).astype(bool)
        return {'failing': sorted(int(i) + 1 for i in passes.index[~passes])}
    return {'ok': bool(value)}


for line in sys.stdin:
    rule = json.loads(line)
    for key in ('failing', 'ok'):
        rule.pop(key, None)
    try:
        rule.update(judge(rule))
    except Exception as error:  # what pandas refuses is an answer too
        rule['error'] = f'{type(error).__name__}: {error}'[:300]
    print(json.dumps(rule, ensure_ascii=False))
