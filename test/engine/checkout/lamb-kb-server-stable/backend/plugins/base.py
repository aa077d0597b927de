import importlib
import pkgutil


def discover_plugins(package_name="plugins"):
    package = importlib.import_module(package_name)
    names = [name for _, name, _ in pkgutil.iter_modules(package.__path__, package.__name__ + ".")]
    for name in names:
        importlib.import_module(name)
    return names
