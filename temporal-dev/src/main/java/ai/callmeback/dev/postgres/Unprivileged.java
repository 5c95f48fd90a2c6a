package ai.callmeback.dev.postgres;

import ai.callmeback.dev.process.ProcessEnd;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL refuses to run as root, which is what one is in most containers. As root we therefore become
 * {@code nobody} for it, or, where that user may not enter the directories (a checkout below {@code /root}), enter a
 * user name space of our own in which root has no name, so that PostgreSQL sees an ordinary user while the file
 * system still sees us.
 *
 * @param prefix goes before each command; it replaces itself by the command, so the process id stays
 * @param owner who must own the data, by number
 */
record Unprivileged(List<String> prefix, int owner) {
    private static final int NOBODY = 65534;

    /** Nothing to do: we are an ordinary user. */
    static final Unprivileged NOT_NEEDED = new Unprivileged(List.of(), -1);

    /**
     * The first way that works with these directories; throws with what to do when none does.
     *
     * @param data exists already
     */
    static Unprivileged choose(Path home, Path data) throws IOException {
        if (uid(Path.of("/proc/self")) != 0 && !"root".equals(System.getProperty("user.name"))) {
            return NOT_NEEDED;
        }
        for (Unprivileged way : ways()) {
            if (way.works(home, data)) {
                return way;
            }
        }
        throw new IOException("PostgreSQL will not run as root, and neither the user nobody may enter " + data
                + " nor may a user name space be made; run as an ordinary user, move the checkout out of a private"
                + " directory such as /root and set CALLMEBACK_CACHE to a directory open to all,"
                + " or give DATABASE_URL");
    }

    private static List<Unprivileged> ways() {
        String ids = NOBODY + ":" + NOBODY;
        return List.of(
                new Unprivileged(
                        List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups", "--"),
                        NOBODY),
                new Unprivileged(List.of("chroot", "--userspec=" + ids, "--groups=", "/"), NOBODY),
                new Unprivileged(List.of("unshare", "--user", "--"), 0));
    }

    private boolean works(Path home, Path data) throws IOException {
        own(data);
        return succeeds(List.of(
                "sh",
                "-c",
                "[ \"$(id -u)\" != 0 ] && \"$1/bin/initdb\" --version && touch \"$2/.probe\" && rm \"$2/.probe\"",
                "sh",
                home.toString(),
                data.toString()));
    }

    /** Gives the data to the one who will run the server. A repeat changes nothing. */
    void own(Path data) throws IOException {
        if (owner < 0) {
            return;
        }
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.setAttribute(directory, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    private boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command(command))
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!ProcessEnd.within(process, Duration.ofSeconds(10))) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int uid(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }
}
