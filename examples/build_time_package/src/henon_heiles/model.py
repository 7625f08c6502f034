"""The Hénon–Heiles potential (Astronomical Journal 69, 1964), written once. Its derivatives are generated from here."""


def potential(x: float, y: float, coupling: float = 1.0) -> float:
    """Energy of a star near the centre of a galaxy, in units of its distance and period."""
    quadratic = 0.5 * (x**2 + y**2)
    return quadratic + coupling * (x**2 * y - y**3 / 3.0)
