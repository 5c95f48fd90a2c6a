package ai.callmeback.dev.chaos.money;

import ai.callmeback.db.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What our own books say, read from the entries. */
final class Books {
    private final DatabaseSettings database;

    Books(String databaseUrl) {
        this.database = DatabaseSettings.parse(databaseUrl);
    }

    /** What one row says. */
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Entries on {@code cash}, summed by what moved them. */
    Map<String, Long> cash() throws SQLException {
        Map<String, Long> cash = new TreeMap<>();
        read(
                "select coalesce('grant:payment:' || s.payment_intent, p.business_key), sum(e.amount)"
                        + " from ledger_postings p join ledger_entries e on e.posting_id = p.id"
                        + " left join subscription_periods s on p.business_key = 'grant:invoice:' || s.invoice_id"
                        + " where e.account = 'cash' group by p.id, s.payment_intent, p.business_key",
                row -> cash.merge(subject(row.getString(1)), row.getLong(2), Long::sum));
        cash.values().removeIf(micros -> micros == 0);
        return cash;
    }

    private static String subject(String businessKey) {
        String[] parts = businessKey.split(":", -1);
        return switch (parts[0]) {
            case "grant" -> parts[1] + " " + parts[2];
            case "fee" -> "fee " + parts[1];
            case "clawback", "undo" -> (parts[1].startsWith("dp_") ? "dispute " : "refund ") + parts[1];
            default -> businessKey;
        };
    }

    /** By payment, how many grants it brought. */
    Map<String, Integer> grants() throws SQLException {
        Map<String, Integer> grants = new HashMap<>();
        read(
                "select substr(business_key, 15) from ledger_postings where business_key like 'grant:payment:%'"
                        + " union all select s.payment_intent from ledger_postings p join subscription_periods s"
                        + " on p.business_key = 'grant:invoice:' || s.invoice_id where s.payment_intent is not null",
                row -> grants.merge(row.getString(1), 1, Integer::sum));
        read(
                "select payment_intent from credited_payments c where not exists (select from ledger_grants g"
                        + " where g.grant_id = c.grant_id and g.price_paid_micros = c.amount_micros)",
                row -> grants.put(row.getString(1), 0));
        return grants;
    }

    /** By invoice of a subscription that no payment belongs to, how many grants it brought. */
    Map<String, Integer> freeInvoices() throws SQLException {
        Map<String, Integer> grants = new HashMap<>();
        read(
                "select substr(p.business_key, 15) from ledger_postings p left join subscription_periods s"
                        + " on p.business_key = 'grant:invoice:' || s.invoice_id"
                        + " where p.business_key like 'grant:invoice:%' and s.payment_intent is null",
                row -> grants.merge(row.getString(1), 1, Integer::sum));
        return grants;
    }

    long openHolds() throws SQLException {
        return one("select count(*) from ledger_holds where state = 'open'");
    }

    /** Holds with another number of resolving postings than one. */
    long holdsNotResolvedOnce() throws SQLException {
        return one("select count(*) from ledger_holds h where h.state <> 'open' and 1 <> (select count(*)"
                + " from ledger_postings p where p.business_key = 'settle:' || h.hold_id)");
    }

    /**
     * A call with all its dials.
     *
     * @param sids what the telephony calls them
     * @param telephonyMicros what is booked for them
     */
    record Call(
            String id,
            List<String> sids,
            long telephonyMicros,
            String decision,
            long billedSeconds,
            long held,
            long captured) {}

    List<Call> calls() throws SQLException {
        return read(
                "select c.id, array(select call_sid from dial_intents d where d.call_id = c.id and call_sid is not null),"
                        + " (select coalesce(sum(l.amount_micros), 0) from cost_lines l where l.call_id = c.id"
                        + "  and l.vendor = 'twilio' and l.operation in ('voice', 'voice_actual')),"
                        + " c.charge_decision, coalesce(c.billed_seconds, 0), coalesce(h.seconds, 0),"
                        + " coalesce(h.captured_seconds, 0)"
                        + " from calls c left join ledger_holds h on h.hold_id = c.id",
                row -> new Call(
                        row.getString(1),
                        List.of((String[]) row.getArray(2).getArray()),
                        row.getLong(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7)));
    }

    /** What a unit of each vendor's operation costs, as "vendor operation", in millionths of a dollar. */
    Map<String, java.math.BigDecimal> prices() throws SQLException {
        Map<String, java.math.BigDecimal> prices = new HashMap<>();
        read(
                "select vendor || ' ' || operation, max(unit_price) * 1000000 from cost_lines where unit_price is not null"
                        + " group by 1",
                row -> prices.put(row.getString(1), row.getBigDecimal(2)));
        return prices;
    }

    private long one(String sql) throws SQLException {
        return read(sql, row -> row.getLong(1)).getFirst();
    }

    private <T> List<T> read(String sql, Reading<T> reading) throws SQLException {
        List<T> found = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(reading.of(rows));
            }
        }
        return found;
    }
}
