package ai.callmeback.dev.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loopback ports: the usual one where it is free, else any free one.
 *
 * <p>Looking and binding are two moments. So that two environments started at once do not both choose the usual
 * ports, only the holder of a lock shared by the whole machine may have them; the others take what the system gives.
 */
public final class Ports implements AutoCloseable {
    private final Set<Integer> given = new HashSet<>();
    private final @Nullable FileChannel channel;
    private final boolean usual;

    private Ports(@Nullable FileChannel channel, boolean usual) {
        this.channel = channel;
        this.usual = usual;
    }

    /** May give usual ports if no other environment on this machine holds them. */
    public static Ports preferUsual(Path machineCache) {
        try {
            Files.createDirectories(machineCache);
            FileChannel channel = FileChannel.open(
                    machineCache.resolve("usual-ports.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Ports(channel, tryLock(channel) != null);
        } catch (IOException e) {
            return new Ports(null, false);
        }
    }

    /** Gives free ports only; for tests. */
    public static Ports freeOnly() {
        return new Ports(null, false);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** A port that nobody listens on now, and that this object has not given before. */
    public synchronized int take(int usualPort) {
        if (usual && !given.contains(usualPort) && isFree(usualPort)) {
            given.add(usualPort);
            return usualPort;
        }
        while (true) {
            int port = anyFree();
            if (given.add(port)) {
                return port;
            }
        }
    }

    /** Whether nobody listens on the port, on loopback or on all addresses. */
    public static boolean isFree(int port) {
        if (answers(port)) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something accepts connections there. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 300);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int anyFree() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("the system gives no free port", e);
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
