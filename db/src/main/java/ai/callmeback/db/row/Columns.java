package ai.callmeback.db.row;

import io.r2dbc.spi.Readable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

/** Reading and binding columns. */
public final class Columns {
    private Columns() {}

    public static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    public static String text(Readable row, String column) {
        return of(row, column, String.class);
    }

    public static long number(Readable row, String column) {
        return of(row, column, Long.class);
    }

    public static <T> GenericExecuteSpec bind(GenericExecuteSpec spec, String name, @Nullable T value, Class<T> type) {
        return value == null ? spec.bindNull(name, type) : spec.bind(name, value);
    }
}
