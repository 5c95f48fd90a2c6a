package ai.callmeback.dev.temporal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code temporal server start-dev}. */
public final class DevServerCommand {
    private DevServerCommand() {}

    /**
     * @param data the directory of the SQLite file, which is named by the server's version: the dev server makes its
     *     schema only when the file is missing
     * @param codecEndpoint where the UI has payloads decoded
     */
    public static List<String> of(
            TemporalSource.Cli cli, Path data, String namespace, int port, int uiPort, String codecEndpoint) {
        List<String> command = new ArrayList<>(List.of(cli.program().toString(), "server", "start-dev"));
        command.addAll(List.of("--ip", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(List.of("--ui-ip", "127.0.0.1", "--ui-port", Integer.toString(uiPort)));
        command.addAll(List.of("--namespace", namespace));
        command.addAll(List.of(
                "--db-filename",
                data.resolve("temporal-" + cli.version().server() + ".db").toString()));
        command.addAll(List.of("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"));
        command.addAll(List.of("--ui-codec-endpoint", codecEndpoint));
        command.addAll(List.of("--log-level", "warn"));
        return command;
    }
}
