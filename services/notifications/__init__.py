"""Messages to the families: by mail, or as letters where there is no mail address."""
