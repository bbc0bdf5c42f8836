# Lists the regular files of tars: for each tar its name and, a line each, "name size" or what was wrong.
import sys, tarfile
for path in sys.argv[1:]:
    print("=" + path)
    try:
        with tarfile.open(path, "r:", encoding="utf-8", errors="strict") as tar:
            for member in tar:
                if member.isreg():
                    print(member.name, member.size)
    except (tarfile.TarError, UnicodeError, ValueError) as problem:
        print("!", problem)
