package ai.callmeback.db.figures;

import ai.callmeback.db.figures.Basis.Costs;
import ai.callmeback.db.figures.Basis.Entries;
import ai.callmeback.db.figures.Basis.Sum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each figure is made of. docs/figures.md says the same in words. */
final class FigureBook {
    static final String COST_OF = "cost_";
    static final String UNCHARGED_FOR = "uncharged_cost_";
    static final String PLATFORM = "platform";
    static final String NOT_CHARGED = "not_charged";

    static final Map<String, Basis> LINES = lines();

    private FigureBook() {}

    private static Map<String, Basis> lines() {
        Map<String, Basis> lines = new LinkedHashMap<>();
        lines.put("cash_in", Entries.moved("cash", 1).of("grant_paid"));
        lines.put("cash_back", Entries.moved("cash", -1).of("refund", "dispute", "clawback_undone"));
        lines.put("cash_receipts", Entries.moved("cash", 1).without("card_fee"));
        lines.put("revenue", Entries.moved("revenue", -1));
        lines.put("breakage", Entries.moved("breakage", -1));
        lines.put("vendor_costs", new Costs(null, PLATFORM, null, null));
        lines.put("gross_margin", new Sum(List.of("revenue", "breakage"), List.of("vendor_costs")));
        lines.put("fees", Entries.moved("fees", 1));
        lines.put("contribution", new Sum(List.of("gross_margin"), List.of("fees")));
        lines.put("platform_costs", new Costs(PLATFORM, null, null, null));
        lines.put("accrual_profit", new Sum(List.of("contribution"), List.of("platform_costs")));
        lines.put("costs", Entries.moved("cost", 1));
        lines.put("liability_change", Entries.moved("liability", -1));
        lines.put("projected_profit", new Sum(List.of("cash_receipts"), List.of("costs", "fees", "liability_change")));
        lines.put("clawback_receivable_change", Entries.moved("clawback_receivable", 1));
        lines.put("concessions", Entries.moved("concession", 1));
        lines.put("deferred", Entries.balance(FigureUnit.USD, -1, "liability"));
        lines.put("clawback_receivable", Entries.balance(FigureUnit.USD, 1, "clawback_receivable"));
        lines.put("payable", Entries.balance(FigureUnit.USD, -1, "payable"));
        lines.put("unused_seconds", Entries.balance(FigureUnit.SECONDS, 1, "user_available", "user_held"));
        lines.put("unused_free_seconds", Entries.balance(FigureUnit.SECONDS, -1, "promo"));
        lines.put("owed_seconds", Entries.balance(FigureUnit.SECONDS, -1, "receivable"));
        lines.put("uncharged_cost", new Costs(null, null, NOT_CHARGED, null));
        return java.util.Collections.unmodifiableMap(lines);
    }

    /** Also of a vendor's costs, and of what calls that were not charged for a reason cost. */
    static Optional<Basis> find(String name) {
        Basis known = LINES.get(name);
        if (known != null) {
            return Optional.of(known);
        } else if (name.startsWith(UNCHARGED_FOR)) {
            return Optional.of(new Costs(null, null, NOT_CHARGED, name.substring(UNCHARGED_FOR.length())));
        } else if (name.startsWith(COST_OF)) {
            return Optional.of(new Costs(name.substring(COST_OF.length()), null, null, null));
        }
        return Optional.empty();
    }
}
