package ai.callmeback.dev.process;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Ends every watched child when this process is gone, also when it was killed by SIGKILL and could run no hook.
 *
 * <p>A small shell reads our orders from a pipe. The pipe ends when we do, whatever the cause, and then the shell
 * sends each child its stop signal, waits up to five seconds and kills what is left. Closing the guard does the same.
 */
public final class Guard implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            list=''
            while read -r order signal pid; do
              case "$order" in
                watch) list="$list $signal:$pid" ;;
                forget) rest=''
                  for each in $list; do [ "${each#*:}" = "$pid" ] || rest="$rest $each"; done
                  list="$rest" ;;
              esac
            done
            for each in $list; do kill "-${each%%:*}" "${each#*:}" 2>/dev/null; done
            tries=0
            while [ $tries -lt 50 ]; do
              alive=''
              for each in $list; do kill -0 "${each#*:}" 2>/dev/null && alive="$alive ${each#*:}"; done
              [ -z "$alive" ] && exit 0
              sleep 0.1
              tries=$((tries + 1))
            done
            kill -KILL $alive 2>/dev/null
            exit 0
            """;

    private final Process shell;
    private final BufferedWriter orders;

    private Guard(Process shell) {
        this.shell = shell;
        this.orders = new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.US_ASCII));
    }

    public static Guard start() {
        try {
            Process shell = new ProcessBuilder(Detached.command(List.of("sh", "-c", SCRIPT)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Guard(shell);
        } catch (IOException e) {
            throw new UncheckedIOException("no shell could be started to guard the child processes", e);
        }
    }

    void watch(StopSignal signal, long pid) {
        order("watch " + signal.name() + " " + pid);
    }

    /** Must follow the end of a child at once: its process id may be given to a stranger. */
    void forget(long pid) {
        order("forget - " + pid);
    }

    private synchronized void order(String line) {
        try {
            orders.write(line);
            orders.newLine();
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the guard of the child processes is gone", e);
        }
    }

    /** Ends the guard, and with it whatever it still watches; returns when that is done, in at most ten seconds. */
    @Override
    public synchronized void close() {
        try {
            orders.close();
            if (!ProcessEnd.within(shell, Duration.ofSeconds(10))) {
                shell.destroyForcibly();
            }
        } catch (IOException e) {
            shell.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
