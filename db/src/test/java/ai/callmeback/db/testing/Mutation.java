package ai.callmeback.db.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

/**
 * Takes one guard out of what {@link TestDatabase} hands out from now on: out of the template every test's database is copied
 * from, or out of the statements our classes send. For a run of mutations only; a JVM has one at a time.
 */
public final class Mutation implements AutoCloseable {
    private static volatile @Nullable UnaryOperator<String> statements;

    private Mutation() {}

    /** Runs SQL on the template. */
    public static Mutation ofSchema(String sql) {
        EmbeddedServer.get().mutate(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
        return new Mutation();
    }

    /** Replaces text in a function of the template; the function has to hold it. */
    public static Mutation ofFunction(String function, String find, String replacement) {
        EmbeddedServer.get().mutate(connection -> {
            String definition;
            try (var ask = connection.prepareStatement(
                    "select pg_get_functiondef(oid) from pg_proc where proname = ? and pronamespace = 'public'::regnamespace")) {
                ask.setString(1, function);
                try (var row = ask.executeQuery()) {
                    definition = row.next() ? row.getString(1) : "";
                }
            }
            try (var statement = connection.createStatement()) {
                statement.execute(replaced(definition, find, replacement, function));
            }
        });
        return new Mutation();
    }

    /** Replaces text in the statements that hold it. */
    public static Mutation ofStatements(String find, String replacement) {
        statements = sql -> sql.replace(find, replacement);
        return new Mutation();
    }

    private static String replaced(String text, String find, String replacement, String where) {
        if (!text.contains(find)) {
            throw new IllegalArgumentException(where + " does not hold: " + find);
        }
        return text.replace(find, replacement);
    }

    static DatabaseClient applied(DatabaseClient client) {
        UnaryOperator<String> change = statements;
        if (change == null) {
            return client;
        }
        return (DatabaseClient) Proxy.newProxyInstance(
                Mutation.class.getClassLoader(), new Class<?>[] {DatabaseClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sql")) {
                        return client.sql(change.apply(
                                arguments[0] instanceof Supplier<?> supplier
                                        ? String.valueOf(supplier.get())
                                        : (String) arguments[0]));
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Puts it back. */
    @Override
    public void close() {
        statements = null;
        EmbeddedServer.get().mend();
    }
}
