#!/usr/bin/env python3
"""Random expressions with the tree that Python itself gives them, for src/engine/rules/testdata/python-trees.tsv.

    python3 scripts/conformance/trees.py [how many] > src/engine/rules/testdata/python-trees.tsv
"""
import ast
import random
import sys

random.seed(7)
NAMES = ['a', 'b', 'c']
LEAVES = NAMES + ['1', '2', 'x.y', 'f(a)', 'a[b]', 'a[1:2]', 'None', '(a)']
OPERATORS = {
    ast.Add: '+', ast.Sub: '-', ast.Mult: '*', ast.Div: '/', ast.FloorDiv: '//', ast.Mod: '%', ast.Pow: '**', ast.BitAnd: '&',
    ast.BitOr: '|', ast.BitXor: '^', ast.Not: 'not', ast.USub: '-', ast.Invert: '~', ast.Eq: '==', ast.NotEq: '!=', ast.Lt: '<',
    ast.LtE: '<=', ast.In: 'in', ast.NotIn: 'not in', ast.Is: 'is', ast.IsNot: 'is not', ast.And: 'and', ast.Or: 'or',
}


def expression(depth):
    if depth <= 0:
        return random.choice(LEAVES)

    def sub():
        return expression(depth - 1)

    def between(operators):
        return f'{sub()} {random.choice(operators)} {sub()}'

    shapes = [
        lambda: f'not {sub()}',
        lambda: f'-{sub()}',
        lambda: f'~{sub()}',
        lambda: between(['+', '-', '*', '/', '//', '%', '**']),
        lambda: between(['&', '|', '^']),
        lambda: between(['and', 'or']),
        lambda: between(['and', 'or']),
        lambda: between(['==', '!=', '<', '<=', 'in', 'not in', 'is', 'is not']),
        lambda: f'{sub()} if {sub()} else {sub()}',
        lambda: f'(lambda z: {sub()})',
        lambda: f'({sub()})',
        lambda: f'f({sub()}, k={sub()})',
        lambda: f'[{sub()}, {sub()}]',
        lambda: f'[{sub()} for z in {expression(0)} if {sub()}]',
        lambda: f'f({sub()} for z in {expression(0)})',
        lambda: f'({sub()}).m',
        lambda: f'a[{sub()}:{sub()}]',
        lambda: f'{{1: {sub()}}}',
    ]
    return random.choice(shapes)()


def show(n):
    """Every node in parentheses, as parse.test.ts writes ours."""
    kind = type(n)
    if kind is ast.Constant:
        return str(n.value)
    if kind is ast.Name:
        return n.id
    if kind is ast.Attribute:
        return f'({show(n.value)}.{n.attr})'
    if kind is ast.Subscript:
        return f'({show(n.value)}[{show(n.slice)}])'
    if kind is ast.Slice:
        return f'{show(n.lower) if n.lower else ""}:{show(n.upper) if n.upper else ""}:'
    if kind is ast.Call:
        given = [show(a) for a in n.args] + [f'{k.arg}={show(k.value)}' for k in n.keywords]
        return f'({show(n.func)}({",".join(given)}))'
    if kind is ast.UnaryOp:
        return f'({OPERATORS[type(n.op)]} {show(n.operand)})'
    if kind is ast.BinOp:
        return f'({show(n.left)} {OPERATORS[type(n.op)]} {show(n.right)})'
    if kind is ast.BoolOp:
        out = show(n.values[0])
        for value in n.values[1:]:
            out = f'({out} {OPERATORS[type(n.op)]} {show(value)})'
        return out
    if kind is ast.Compare:
        rest = ''.join(f' {OPERATORS[type(o)]} {show(v)}' for o, v in zip(n.ops, n.comparators))
        return f'({show(n.left)}{rest})'
    if kind is ast.IfExp:
        return f'({show(n.body)} if {show(n.test)} else {show(n.orelse)})'
    if kind is ast.Lambda:
        return f'(lambda {",".join(a.arg for a in n.args.args)}: {show(n.body)})'
    if kind is ast.List:
        return f'list[{",".join(map(show, n.elts))}]'
    if kind is ast.Dict:
        return '{' + ','.join(f'{show(k)}:{show(v)}' for k, v in zip(n.keys, n.values)) + '}'
    if kind in (ast.ListComp, ast.GeneratorExp):
        loop = n.generators[0]
        test = f' if {show(loop.ifs[0])}' if loop.ifs else ''
        return f'{"list" if kind is ast.ListComp else "generator"}<{show(n.elt)} for {show(loop.target)} in {show(loop.iter)}{test}>'
    raise ValueError(kind)


found = {}
while len(found) < int(sys.argv[1] if len(sys.argv) > 1 else 600):
    text = expression(random.randrange(1, 5))
    if len(text) > 100:
        continue
    try:
        found[text] = show(ast.parse(text, mode='eval').body)
    except SyntaxError:
        continue
for text in sorted(found, key=len):
    print(f'{text}\t{found[text]}')
