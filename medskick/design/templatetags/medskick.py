"""The tags and filters of every template; registered as builtins, so no template loads them. See ../README.md."""

from django import template

from medskick.design.tags import components, forms, pictures, values

register = template.Library()
for part in (values, forms, components, pictures):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
