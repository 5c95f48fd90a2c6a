package ai.callmeback.api.finance;

import ai.callmeback.db.figures.Outlook;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The outlook as RFC 4180 has it; like {@link FigureCsv}, it holds codes and numbers only. */
final class OutlookCsv {
    private final StringBuilder csv = new StringBuilder("part,subject,figure,value,state\r\n");

    private OutlookCsv() {}

    static String of(Outlook outlook) {
        var table = new OutlookCsv();
        Outlook.BreakEven even = outlook.breakEven();
        if (even != null) {
            String month = even.month().toString();
            String state = even.state().code();
            table.line("break_even", month, "fixed_usd", even.fixed().toUsd(), state);
            table.line("break_even", month, "left_per_minute_usd", even.leftPerMinute(), state);
            table.line("break_even", month, "minutes_per_month", even.minutes(), state);
            table.line("break_even", month, "calls_per_month", even.calls(), state);
        }
        for (Outlook.Forecast forecast : outlook.forecasts()) {
            String from = forecast.from().toString();
            table.line(
                    "forecast_28_days",
                    from,
                    forecast.figure(),
                    forecast.usd(),
                    forecast.state().code());
            table.line("forecast_last_error", from, forecast.figure(), forecast.lastError(), "");
        }
        for (Outlook.ProductMinute product : outlook.products()) {
            table.line("price_matrix", product.product(), "usd_per_minute", product.usdPerMinute(), "");
            table.line("price_matrix", product.product(), "cost_per_minute_usd", product.costPerMinute(), "");
            table.line("price_matrix", product.product(), "margin", product.margin(), "");
        }
        return table.csv.toString();
    }

    private void line(String part, String subject, String figure, @Nullable BigDecimal value, String state) {
        csv.append(String.join(",", part, subject, figure, value == null ? "" : value.toPlainString(), state))
                .append("\r\n");
    }
}
