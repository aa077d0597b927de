"""Runs a command in a terminal and answers it. On the standard input: {"command": [...], "answers": [[wanted, keys], ...]},
and perhaps "patience": the seconds after which it is killed.

Prints {"status": ..., "text": ...}: the text is what the terminal showed, with its control sequences taken out."""

import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

CONTROL = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][A-Z0-9]|.)")

task = json.load(sys.stdin)
child, screen = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    os.environ["NO_COLOR"] = "1"
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    os.execvp(task["command"][0], task["command"])

shown, seen = b"", 0
answers = list(task["answers"])
end = time.monotonic() + task.get("patience", 40)
status = None
while True:
    ready, _, _ = select.select([screen], [], [], 0.2)
    if ready:
        try:
            part = os.read(screen, 65536)
        except OSError:
            part = b""
        if part == b"":
            break
        shown += part
    text = CONTROL.sub(b"", shown).decode("utf8", "replace")
    # Only what was shown since the answer before counts, and only when nothing more comes.
    if answers and not ready and answers[0][0] in text[seen:]:
        _, keys = answers.pop(0)
        seen = len(text)
        for key in keys:
            os.write(screen, key.encode())
            time.sleep(0.02)
    if time.monotonic() > end:
        os.kill(child, signal.SIGKILL)
        break
_, status = os.waitpid(child, 0)
json.dump({"status": os.waitstatus_to_exitcode(status), "text": CONTROL.sub(b"", shown).decode("utf8", "replace")}, sys.stdout)
