package ai.callmeback.vendors.billing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param next the cursor of the page after this one; null: it is the last */
public record BillPage<T>(List<T> items, @Nullable String next) {
    public BillPage {
        items = List.copyOf(items);
    }
}
