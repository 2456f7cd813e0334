"""A new user's way: `apt install ./papan.deb` on a fresh machine, `papan setup`, the picture.

Invariant: nothing is done that the README does not say.
"""


def install(images, package, out, table, kvm):
    """To come with the package."""
    del images, out, kvm
    if package is None:
        print("install: no package: make deb")
        return
    del table
